import type { Status } from '../status.ts'
import type { BulkCommand } from './bulk-command.ts'

/** `cancelling`: nothing more is sent, and what is under way is waited for. */
export const bulkStates = ['running', 'cancelling', 'cancelled', 'done'] as const
export type BulkState = (typeof bulkStates)[number]

/** `failed`: it is not known whether it was done. `cancelled`: the order was not asked. */
export const bulkOutcomes = [
  'done',
  'proposed',
  'would_be_done',
  'would_be_proposed',
  'refused',
  'not_found',
  'failed',
  'cancelled',
] as const
export type BulkOutcome = (typeof bulkOutcomes)[number]

/** What would come of it, in short: the order's own dry run tells all. */
export interface BulkForecast {
  readonly status: Status
  readonly statusAfter: Status
  readonly statusInTheEnd: Status
  readonly events: readonly string[]
  readonly calls: readonly string[]
  readonly undo: readonly string[]
}

/** What became of one order. */
export interface BulkResult {
  readonly outcome: BulkOutcome
  /** Of what is refused or has failed. */
  readonly code?: string
  readonly message?: string
  /** Of the order, right after. */
  readonly seq?: number
  readonly status?: Status
  readonly proposal?: string
  readonly would?: BulkForecast
}

/** What is asked of many orders, by whom. */
export interface BulkOrder {
  readonly organisation: string
  readonly id: string
  readonly actor: string
  /** Null: those that the directory gives them. */
  readonly roles: readonly string[] | null
  readonly service: boolean
  readonly command: BulkCommand
  readonly dryRun: boolean
  readonly perSecond: number
}

/** What an order recognises its command by, however often it is sent. */
export function bulkCommandId(bulk: string, orderNo: string): string {
  return `bulk/${bulk}/${orderNo}`
}
