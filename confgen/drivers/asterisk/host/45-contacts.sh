# --- who is registered ------------------------------------------------------------------------------------------------

contacts() { # as Asterisk keeps them: the lists that its console shows cut a long contact off before its transport
    kept=$(cli 'database show registrar/contact' | sed -n 's,^/registrar/contact/,registrar ,p')
    if [ -n "$kept" ]; then
        printf '%s\n' "$kept"
    else # where sorcery.conf lets a database keep them
        cli 'pjsip show contacts' | sed -n 's,^ *Contact:  *\([^ </]*/sips*:\),contact \1,p'
    fi
    cli 'sip show peers' | sed -n 's,^\([^ ].* D .*\),peer \1,p' # chan_sip's
}
