import type { Input } from '../../core/input.ts'
import type { OrderState } from '../../core/state.ts'
import type { Costs } from './cost.ts'

/** Something that may happen next. */
export interface Move {
  /** The state it happens in: the explored one, or the same with one deadline come. */
  readonly state: OrderState
  readonly input: Input
  /** Whether it can happen whatever the order contains; of commands: for each order there is somebody who may. */
  readonly certain: boolean
  /** What it is, for people. */
  readonly label: string
  /** With nobody acting: the ladder or call (by its item's name) that moves. */
  readonly item?: string
  /** Of a ladder. */
  readonly rung?: FiringRung
}

export interface FiringRung {
  /** How long it takes at most since the rung before it. */
  readonly wait: Costs
  /** The ladder's end. */
  readonly last: boolean
  /** Names the rung if all it does is to tell somebody, which nothing else in the state changes. */
  readonly tells?: string
}
