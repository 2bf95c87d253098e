import { emit, type Turn } from '../turn.ts'

/** The orders that come in this one's place have been begun; told twice, it changes nothing. */
export function takeBegun(turn: Turn, orders: readonly string[]): void {
  if (turn.state.closed !== null || turn.state.successors?.phase !== 'due') return
  emit(turn, 'successors.begun', { orders: [...orders] })
}
