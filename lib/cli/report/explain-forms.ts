/** How a plan may be shown before any work; apart, because the command line needs no more of it. */
export const explainForms = ['text', 'mermaid', 'dot', 'svg', 'html'] as const

export type ExplainForm = (typeof explainForms)[number]
