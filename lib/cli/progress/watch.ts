import { messageOf } from '../../errors.js'
import { describeNode } from '../../graph/explain.js'
import type { Plan, Step } from '../../graph/index.js'
import {
  listen,
  type NoteEvent,
  noteChannel,
  type PartEvent,
  type ProgressEvent,
  partChannel,
  progressChannel,
  type StageEvent,
  stageChannel
} from '../../trace.js'
import { InterruptedError } from '../interrupt.js'
import { changeParts } from './parts.js'
import { CANCELED, type ProgressStep, type ProgressView } from './step.js'
import { combineViews } from './views.js'

/** Views that are being told what a plan's stages do. */
export interface Watch {
  /** Shows what is to be heeded, of no stage. */
  warn(message: string): void
  stop(): void
}

/** Tells views what the stages of a plan do, until it is stopped. */
export function watchPlan(plan: Plan, views: readonly ProgressView[]): Watch {
  const view = combineViews(views)
  const steps = new Map(plan.steps.map((step, index) => [step.node.key, createStep(step, index + 1)]))
  const change = (key: string, show: (step: ProgressStep) => void, by: (step: ProgressStep) => ProgressStep): void => {
    const step = steps.get(key)
    if (step === undefined || step.ended !== null) return
    const changed = by(step)
    steps.set(key, changed)
    show(changed)
  }
  const seen = new Set<unknown>()
  const reasonOf = (error: unknown): string => {
    const isNew = seen.size < seen.add(error).size
    return isNew && !(error instanceof InterruptedError) ? messageOf(error) : CANCELED
  }
  const stops = [
    listen<StageEvent>(stageChannel, ({ key, event, error }) => {
      const now = Date.now()
      if (event === 'open') return change(key, view.opened, (step) => ({ ...step, started: now }))
      const reason = event === 'error' ? reasonOf(error) : null
      change(key, view.ended, (step) => ({ ...step, passed: now, ended: now, error: reason }))
    }),
    listen<ProgressEvent>(progressChannel, ({ key, bytes, total }) => {
      const step = steps.get(key)
      if (step === undefined) return
      const ended = step.ended === null ? null : Date.now()
      const changed = { ...step, ended, bytes: step.bytes + bytes, total: total ?? step.total }
      steps.set(key, changed)
      view.moved(changed)
    }),
    listen<PartEvent>(partChannel, (event) => {
      const show = (step: ProgressStep): void => {
        const part = step.parts.find(({ id }) => id === event.id)
        if (part) view.parted(step, part)
      }
      change(event.key, show, (step) => ({ ...step, parts: changeParts(step.parts, event) }))
    }),
    listen<NoteEvent>(noteChannel, ({ key, message }) => {
      const step = steps.get(key)
      if (step) view.noted(step, message)
    })
  ]
  return {
    warn: view.warned,
    stop() {
      for (const stop of stops) stop()
      view.close()
    }
  }
}

function createStep({ node, next }: Step, number: number): ProgressStep {
  const inputs = node.inputs.map((input) => input.key)
  const nothing = { started: Date.now(), passed: null, ended: null, bytes: 0, total: null, error: null, parts: [] }
  const { key, operation } = node
  return { number, key, inputs, operation, label: describeNode(node), consumers: next.length, ...nothing }
}
