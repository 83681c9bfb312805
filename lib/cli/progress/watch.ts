import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { messageOf } from '../../errors.js'
import { describeNode } from '../../graph/explain.js'
import type { Node, Plan } from '../../graph/index.js'
import {
  type NoteEvent,
  noteChannel,
  type ProgressEvent,
  progressChannel,
  type StageEvent,
  stageChannel
} from '../../trace.js'
import type { ProgressStep, ProgressView } from './step.js'

/** Tells a view what the stages of a plan do, until the returned function is called. */
export function watchPlan(plan: Plan, view: ProgressView): () => void {
  const steps = new Map(plan.steps.map(({ node }, index) => [node.key, createStep(node, index + 1)]))
  const change = (key: string, show: (step: ProgressStep) => void, by: (step: ProgressStep) => ProgressStep): void => {
    const step = steps.get(key)
    if (step === undefined || step.ended !== null) return
    const changed = by(step)
    steps.set(key, changed)
    show(changed)
  }
  const seen = new Set<unknown>()
  const reasonOf = (error: unknown): string => (seen.size < seen.add(error).size ? messageOf(error) : CANCELED)
  const stops = [
    listen<StageEvent>(stageChannel.name, ({ key, event, error }) => {
      const now = Date.now()
      if (event === 'open') return change(key, view.opened, (step) => ({ ...step, started: now }))
      const reason = event === 'error' ? reasonOf(error) : null
      change(key, view.ended, (step) => ({ ...step, ended: now, error: reason }))
    }),
    listen<ProgressEvent>(progressChannel.name, ({ key, bytes, total }) =>
      change(key, view.moved, (step) => ({ ...step, bytes: step.bytes + bytes, total: total ?? step.total }))
    ),
    listen<NoteEvent>(noteChannel.name, ({ key, message }) => {
      const step = steps.get(key)
      if (step) view.noted(step, message)
    })
  ]
  return () => {
    for (const stop of stops) stop()
    view.close()
  }
}

function createStep(node: Node<unknown>, number: number): ProgressStep {
  const inputs = node.inputs.map((input) => input.key)
  const nothing = { started: Date.now(), ended: null, bytes: 0, total: null, error: null }
  return { number, key: node.key, inputs, label: describeNode(node), ...nothing }
}

function listen<T>(name: string | symbol, act: (event: T) => void): () => void {
  const listener = (event: unknown): void => act(event as T) // what trace.ts says is published there
  subscribe(name, listener)
  return () => unsubscribe(name, listener)
}

/** What the others that an error stopped are said to be: repeating it for each would bury it. */
const CANCELED = 'canceled'
