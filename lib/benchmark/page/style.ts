/** The page's look: one set of colours for each scheme, everything else in terms of them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #fff; --text: #1c2024; --soft: #5b636e; --line: #d9dde3; --panel: #f4f6f8; --accent: #0b57d0;
  --series-1: #1a66c2; --series-2: #c2410c; --series-3: #0f7b5f; --series-4: #8b2fa8;
  --series-5: #8a6100; --series-6: #616a75; --series-7: #b3204d; --series-8: #2f6f8f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --text: #e6e9ec; --soft: #a3acb6; --line: #3a4149; --panel: #1f2429; --accent: #8ab4f8;
    --series-1: #6cb2ff; --series-2: #ff9a5c; --series-3: #4fd1a5; --series-4: #d79bee;
    --series-5: #e5c04a; --series-6: #aab3bd; --series-7: #ff86a5; --series-8: #7cc7e0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .25rem 0; }
.soft, figcaption, th small { color: var(--soft); }
.advice { background: var(--panel); border-left: 4px solid var(--accent); padding: .75rem 1rem; margin: 1.25rem 0 0; }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .875rem; }
th, td { padding: .25rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { vertical-align: bottom; font-weight: 600; }
th small { display: block; font-weight: 400; }
th:first-child, td:first-child { text-align: left; }
th button { all: unset; cursor: pointer; }
th[aria-sort=ascending] button::after { content: ' \\2191'; }
th[aria-sort=descending] button::after { content: ' \\2193'; }
tr.front td:first-child { font-weight: 600; }
tr.best td { background: var(--panel); }
figure { margin: 0; }
figcaption { font-size: .875rem; }
figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }
output { display: block; min-height: 1.5em; font-size: .875rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media print { .scroll { overflow: visible; } }
`
