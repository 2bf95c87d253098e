/** The standard operations: what each does to the order's quantities and money, and which one takes it back. */

export type Effect = 'authorise' | 'void' | 'capture' | 'refund' | 'reserve' | 'release' | 'ship' | 'recall' | 'none'

export interface Operation {
  readonly effect: Effect
  /** The operation that takes this one back by the same key. */
  readonly undo?: string
}

export const operations: Readonly<Record<string, Operation>> = {
  'payment.authorise': { effect: 'authorise', undo: 'payment.void' },
  'payment.void': { effect: 'void' },
  'payment.capture': { effect: 'capture', undo: 'payment.refund' },
  'payment.refund': { effect: 'refund' },
  'inventory.reserve': { effect: 'reserve', undo: 'inventory.release' },
  'inventory.release': { effect: 'release' },
  'shipment.create': { effect: 'ship', undo: 'shipment.recall' },
  'shipment.recall': { effect: 'recall' },
}

/** What an operation does to the order's quantities and money; `none` for one that is not a standard one. */
export function effectOf(operation: string | undefined): Effect {
  return (operation === undefined ? undefined : operations[operation])?.effect ?? 'none'
}

/** Operations that only look something up: asked at a rung of a `wait` step, never undone. */
export const lookups = ['carrier.track'] as const
