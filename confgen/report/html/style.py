"""The style of the page: one column of quiet type, in light and dark, on a phone and on paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1d1f24; --soft: #5c6068; --line: #dedbd3; --code: #f4f2ec;
  --link: #1f4e8c;
  --passed: #17693f; --passed-tint: #e3f2e8; --failed: #ab1e18; --failed-tint: #fce6e3;
  --unknown: #7d4f00; --unknown-tint: #fbefd5; --pending: #2b5a97; --pending-tint: #e4eefa;
  --not-checked: #5c6068; --not-checked-tint: #efeeea; --waived: #693c8f; --waived-tint: #f1e8f8;
  --not-enforceable: #7a3e1d; --not-enforceable-tint: #f7e9df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --sheet: #1c1f24; --ink: #e7e6e2; --soft: #a2a6ae; --line: #353941; --code: #14161a;
    --link: #93bbf2;
    --passed: #7fd0a0; --passed-tint: #1a3526; --failed: #ff9a90; --failed-tint: #47201d;
    --unknown: #f0c069; --unknown-tint: #3d2f12; --pending: #97c0f5; --pending-tint: #1c2f48;
    --not-checked: #a2a6ae; --not-checked-tint: #2a2d33; --waived: #cfa8ee; --waived-tint: #35254a;
    --not-enforceable: #e8b08c; --not-enforceable-tint: #43291a;
  }
}
.is-passed { --mine: var(--passed); --tint: var(--passed-tint); }
.is-failed { --mine: var(--failed); --tint: var(--failed-tint); }
.is-unknown { --mine: var(--unknown); --tint: var(--unknown-tint); }
.is-pending { --mine: var(--pending); --tint: var(--pending-tint); }
.is-not-checked { --mine: var(--not-checked); --tint: var(--not-checked-tint); }
.is-waived { --mine: var(--waived); --tint: var(--waived-tint); }
.is-not-enforceable { --mine: var(--not-enforceable); --tint: var(--not-enforceable-tint); }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
.page { max-width: 66rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 2.5rem) 4rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 4px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--sheet); padding: .5rem 1rem; z-index: 1; }
h1, h2, h3 { line-height: 1.2; letter-spacing: -.012em; text-wrap: balance; margin: 0; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem); font-weight: 650; }
h2 { font-size: 1.3rem; font-weight: 650; margin: 3.25rem 0 1rem; }
h3 { font-size: 1.05rem; font-weight: 650; }
p { margin: .5rem 0; max-width: 44rem; }
.quiet { color: var(--soft); }
.verdict { display: flex; gap: clamp(.9rem, 2.5vw, 1.5rem); align-items: flex-start; }
.verdict .seal {
  flex: none; width: 1.45em; height: 1.45em; border-radius: 50%; display: grid; place-items: center;
  font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem); line-height: 1; font-weight: 650;
  background: var(--tint); color: var(--mine); border: 2px solid var(--mine);
}
.verdict .lead { font-size: 1.1rem; margin: .5rem 0 0; }
.facts { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; margin: 1.4rem 0 0; padding: .9rem 0 0;
  border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
.facts div { display: flex; gap: .4rem; } .facts dt::after { content: ":"; } .facts dd { margin: 0; color: var(--ink); }
.legs { display: grid; gap: 1.5rem 3rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 60rem) { .legs { grid-template-columns: minmax(0, 29rem) minmax(22rem, 1fr); }
  .legs.is-wide { grid-template-columns: minmax(0, 1fr); } }
figure { margin: 0; }
.scrolled { overflow-x: auto; padding: 4px; margin: -4px; }
.drawing { display: block; width: 100%; height: auto; overflow: visible; }
.is-wide .drawing { width: auto; }
.drawing text { fill: var(--ink); font-size: 13px; }
.drawing .name { font-weight: 620; } .drawing .small { font-size: 12px; fill: var(--soft); }
.drawing .middle { text-anchor: middle; }
.drawing .box { fill: var(--sheet); stroke: var(--line); stroke-width: 1.5; }
.drawing .edge { fill: var(--mine); } .drawing .told { fill: var(--mine, var(--soft)); font-weight: 550; }
.drawing :is(.provider, .outside, .line, .beyond, .unseen) .box { stroke-dasharray: 4 3; }
.drawing :is(.provider, .outside, .line, .beyond, .unseen) .edge { fill: none; }
.drawing .phones { fill: none; stroke: var(--line); stroke-width: 1.5; }
.wire { fill: none; stroke: var(--mine); stroke-width: 2; stroke-linecap: butt; }
.touch { fill: none; stroke: transparent; stroke-width: 14; pointer-events: stroke; }
.wire.is-failed { stroke-dasharray: 5 5; stroke-width: 2.75; }
.wire.is-unknown { stroke-dasharray: 9 4; }
.wire.is-pending { stroke-dasharray: 2 4; }
.wire.is-not-checked { stroke-dasharray: 1 6; stroke-linecap: round; }
.wire.is-waived { stroke-dasharray: 10 3 2 3; }
.wire.is-not-enforceable { stroke-dasharray: 2 5; }
.pill path { fill: var(--tint); stroke: var(--mine); stroke-width: 1.25; }
.drawing .pill text { fill: var(--mine); font-size: 12px; font-weight: 650; }
.drawing a { text-decoration: none; outline-offset: 4px; }
.drawing a:hover .box, .drawing a:hover .pill path { stroke-width: 2.25; }
.drawing a:focus-visible { outline: none; }
.drawing a:focus-visible .box, .drawing a:focus-visible .pill path { stroke: var(--link); stroke-width: 3.5; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem .5rem; padding: 0; margin: 1.1rem 0 0;
  font-size: .85rem; }
figcaption { color: var(--soft); font-size: .9rem; margin-top: 1rem; max-width: 34rem; }
.badge { display: inline-block; white-space: nowrap; padding: .08em .6em .1em; border-radius: 1em; font-size: .85rem;
  font-weight: 600; color: var(--mine); background: var(--tint); }
.symbol { display: inline-block; min-width: .9em; text-align: center; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; table-layout: fixed; }
th:nth-child(n+2) { width: 8rem; }
caption { text-align: left; color: var(--soft); font-size: .9rem; padding-bottom: .4rem; }
th { text-align: left; font-weight: 600; } thead th { font-size: .85rem; color: var(--soft); }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
tbody th { font-weight: 550; } tbody th small { display: block; font-weight: 400; color: var(--soft); }
.result { background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; margin: 1rem 0;
  padding: clamp(.9rem, 3vw, 1.5rem); border-left: 4px solid var(--mine); }
.result > header { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: baseline; }
.result > header + p { margin-top: .35rem; }
details { border-top: 1px solid var(--line); margin-top: .9rem; padding-top: .8rem; }
summary { cursor: pointer; } summary::marker { color: var(--soft); }
summary .code, .checks .code { white-space: nowrap; margin: 0 .35rem;
  font: 600 .85rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
.finding .seen { display: block; margin: .3rem 0 0 1.05rem; }
.finding .body { margin-left: 1.05rem; }
.mend { border-left: 3px solid var(--line); padding-left: .8rem; }
.body h4 { font-size: .9rem; font-weight: 600; margin: 1.1rem 0 .35rem; }
pre { margin: 0; padding: .8rem 1rem; background: var(--code); border: 1px solid var(--line); border-radius: 8px;
  font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.others { border-bottom: 1px solid var(--line); }
.other { margin: 0; padding: .7rem 0; }
.other > summary h3 { display: inline; margin-right: .4rem; }
.other > summary .quiet { margin-left: .4rem; font-size: .92rem; }
.other > .body { scroll-margin-top: 4rem; margin-left: 1.05rem; }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--code); padding: .1em .3em;
  border-radius: 4px; }
.checks { list-style: none; margin: .6rem 0 0; padding: 0; font-size: .92rem; }
.checks > li { padding: .4rem 0; border-top: 1px solid var(--line); } .checks > li:first-child { border-top: 0; }
.checks details { border: 0; margin: .2rem 0 0; padding: 0; }
.names { columns: 12rem; padding: 0; list-style: none; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9rem; color: var(--soft); }
@media (max-width: 30rem) {
  th, td { padding-right: .4rem; } th:nth-child(n+2) { width: 6.9rem; } td .badge { font-size: .78rem; }
  .finding .seen, .finding .body, .other > .body { margin-left: 0; }
}
@media print {
  :root { --paper: #fff; --sheet: #fff; }
  body { font-size: 10pt; } .page { max-width: none; padding: 0; } .skip { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .result, tr, figure { break-inside: avoid; } h2, h3 { break-after: avoid; }
}
"""
