/** Colours of light and dark, and what pictures of plans are drawn with. */
export const GRAPH_STYLE = `
:root { color-scheme: light dark; --ink: #1c2230; --soft: #5b6577; --line: #c9d0db; --paper: #ffffff; --panel: #f4f6f9;
  --accent: #0b5fcc; --hot: #b3261e; --hot-fill: #fde8e6; --shared-fill: #e3eefc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #a3adbd; --line: #3b4557; --paper: #12161d;
  --panel: #1b212b; --accent: #7db4ff; --hot: #ff9a91; --hot-fill: #46211e; --shared-fill: #1d3350; } }
.node path, .node polygon { stroke: var(--line); fill: var(--panel); }
.node text { fill: var(--ink); font-family: Courier, monospace; }
.edge path { stroke: var(--soft); } .edge polygon { stroke: var(--soft); fill: var(--soft); }
.shared path, .shared polygon { fill: var(--shared-fill); stroke: var(--accent); }
.slowest path, .slowest polygon { fill: var(--hot-fill); stroke: var(--hot); stroke-width: 2; }
.failed path, .failed polygon { fill: var(--hot-fill); stroke: var(--hot); stroke-width: 2; stroke-dasharray: 4 2; }`

/** Everything else of a report's page. */
export const PAGE_STYLE = `${GRAPH_STYLE}
body { margin: 0 auto; padding: 1.5rem; max-width: 75rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
.failure { border-left: 4px solid var(--hot); background: var(--hot-fill); padding: .5rem .75rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
a { color: var(--accent); } small, .soft { color: var(--soft); }
.scroll { overflow: auto; max-height: 32rem; border: 1px solid var(--line); border-radius: 6px; padding: .75rem; background: var(--paper); }
.scroll > svg { max-width: none; height: auto; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.path, code { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere; }
@media (max-width: 40rem) { thead { display: none; } tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td, td.number { display: block; text-align: left; padding: 0; border: 0; } td:empty { display: none; }
  td::before { content: attr(data-title) ": "; color: var(--soft); font: 600 .875rem system-ui, sans-serif; } }
.bar { display: flex; height: 1.25rem; border-radius: 4px; overflow: hidden; gap: 2px; }
.bar span { background: var(--accent); } .bar span:nth-child(1) { background: var(--hot); }
.bar span:nth-child(n+3) { background: var(--soft); }
.map { overflow-x: auto; } .treemap { width: 100%; min-width: 44rem; height: auto; display: block; }
.treemap rect { fill: hsl(var(--hue) 45% 82%); stroke: var(--paper); stroke-width: 1.5; }
.treemap text { fill: #1c2230; font: 11px ui-monospace, monospace; pointer-events: none; }
@media (prefers-color-scheme: dark) { .treemap rect { fill: hsl(var(--hue) 30% 30%); } .treemap text { fill: #e6e9ef; } }
.treemap .wasted rect { stroke: var(--hot); stroke-dasharray: 4 2; stroke-width: 2; }
.treemap g:focus { outline: none; } .treemap g:focus rect, .treemap g:hover rect { stroke: var(--ink); stroke-width: 3; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
details > summary { cursor: pointer; padding: .35rem 0; font-weight: 600; }
.status { min-height: 1.5em; font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere; }`
