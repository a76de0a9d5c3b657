# --- what confgen wrote ------------------------------------------------------------------------------------------------

verb_written() { # N: root's own copy of a generation, a tar; an editor writes through a link into the generation itself
    [ "$IS_DEPUTY" = no ] || find_asterisk
    need_generation "$1"
    if [ -f "$STATE/store/$1.tar" ]; then cat "$STATE/store/$1.tar"; else tar -cf - -T /dev/null; fi
}
