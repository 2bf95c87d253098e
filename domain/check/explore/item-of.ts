import type { OrderState } from '../../core/state.ts'

/**
 * The name of what a clock's subject is about, which does not depend on how many reviews or holds there have been:
 * `step:<id>`, `review:<step, or nothing for the whole order>`, `hold:<type>`.
 */
export function itemOf(state: OrderState, subject: string): string {
  const [kind, id = ''] = subject.split(':')
  if (kind === 'review') return `review:${state.reviews[id]?.step ?? ''}`
  return kind === 'hold' ? `hold:${state.holds[id]?.type ?? ''}` : subject
}
