import type { Command } from '../../../domain/core/commands/command.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { pick, type RandomHappening } from './random-happenings.ts'

/* What an order may be changed to while it runs. */

export function changesOf(state: OrderState, one: RandomHappening): Extract<Command, { type: 'amend' }>['changes'] {
  const { line } = pick(state.lines, one.other)!
  switch (one.other % 6) {
    case 0:
      return { lines: [{ line, unitPrice: one.which % 2 === 0 ? '1.00' : '5000.00' }] }
    case 1:
      return { lines: [{ sku: 'C', quantity: 1 + (one.which % 3), unitPrice: '7.50' }] }
    case 2:
      return { attributes: { address: `${one.which}` }, charges: [{ type: 'shipping_fee', amount: one.which % 4 }] }
    default:
      return { lines: [{ line, quantity: one.which % 5 }] }
  }
}

/** Another version: without a step, with one more, or with other ladders, owners and conditions. */
export function variantOf(definition: CompiledDefinition, version: number, one: RandomHappening): CompiledDefinition {
  const { id } = pick(definition.steps, one.which)!
  const { steps } = definition
  switch (one.other % 5) {
    case 0: {
      if (steps.length === 1) return { ...definition, version }
      const rest = steps.filter(step => step.id !== id)
      return {
        ...definition,
        version,
        steps: rest.map(step => ({ ...step, after: step.after.filter(other => other !== id) })),
      }
    }
    case 1: {
      const more = {
        ...steps[0]!,
        kind: 'task',
        id: `n${version}`,
        after: [id],
        onReject: 'cancel',
        irreversible: false,
      }
      const { ladder } = definition.review
      const fallback = { after: { days: 4, ms: 0, wall: false }, action: 'fallback', fallback: 'review' } as const
      const later = { ...more, ladder: [...ladder.slice(0, 1), fallback] } as CompiledDefinition['steps'][number]
      return { ...definition, version, steps: [...steps, later] }
    }
    case 2:
      return {
        ...definition,
        version,
        steps: steps.map(step => ({ ...step, owner: 'role:finance', ladder: step.ladder.slice(-1) })),
      }
    case 3:
      return { ...definition, version, review: { ...definition.review, owner: 'ling' }, owner: 'ling' }
    default:
      return { ...definition, version, calendars: swapped(definition.calendars) }
  }
}

/** Other holidays than before. */
function swapped(calendars: CompiledDefinition['calendars']): CompiledDefinition['calendars'] {
  const special = [[20_515], [20_516]]
  return Object.fromEntries(Object.entries(calendars).map(([id, calendar]) => [id, { ...calendar, special }]))
}
