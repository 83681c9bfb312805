import type { ProgressView } from './step.js'

/** Several views as one. */
export function combineViews(views: readonly ProgressView[]): ProgressView {
  return {
    opened: (step) => views.forEach((view) => view.opened(step)),
    moved: (step) => views.forEach((view) => view.moved(step)),
    parted: (step, part) => views.forEach((view) => view.parted(step, part)),
    ended: (step) => views.forEach((view) => view.ended(step)),
    noted: (step, message) => views.forEach((view) => view.noted(step, message)),
    warned: (message) => views.forEach((view) => view.warned(message)),
    close: () => views.forEach((view) => view.close())
  }
}
