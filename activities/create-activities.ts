import type { ProcessCatalogue } from '../commands/process-catalogue.ts'
import type { Connectors } from '../connectors/registry.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Directory } from '../domain/directory.ts'
import type { ExceptionRules } from '../domain/exception/exception-rules.ts'
import type { Outbox } from '../notices/outbox.ts'
import type { OrderClient } from '../order-client/order-client.ts'
import type { Store } from '../store/open-store.ts'
import { appendJournal } from './append-journal.ts'
import { beginOrders } from './begin-orders.ts'
import { finishBulk } from './bulk/finish-bulk.ts'
import { sendBulk } from './bulk/send-bulk.ts'
import { callOperation } from './call-operation.ts'
import type { CallActivity, OrderActivities } from './contract.ts'
import { fireExceptions } from './fire-exceptions.ts'
import { mergeOrders } from './merge-orders.ts'
import { runOperations } from './run-operations.ts'
import { sendNotice } from './send-notice.ts'
import { storeJournal } from './store-journal.ts'

/** What the activities need of the process they run in. */
export interface ActivityDependencies {
  readonly store: Store
  readonly connectors: Connectors
  /** Other orders, as whoever runs the activities reaches them. */
  readonly orders: OrderClient
  /** Sends what does not stay in an inbox; without one no channel works but the inbox. */
  readonly outbox?: Outbox
  /** Today's people. */
  readonly directory: () => Directory | Promise<Directory>
  /** What goes with a command that an order is given. */
  readonly catalogue: ProcessCatalogue
  /** How what is abnormal is treated. */
  readonly exceptions: ExceptionRules
  /** A definition by id and version: a journal is projected with the one its order began with. */
  readonly definition: (process: {
    readonly organisation: string
    readonly id: string
    readonly version: number
  }) => Promise<CompiledDefinition>
}

/** Everything a workflow may ask of the world, each connector operation under its own name. */
export function createActivities(deps: ActivityDependencies): OrderActivities & Record<string, CallActivity> {
  const append = appendJournal(deps)
  const call = callOperation(deps, append)
  const operations = Object.fromEntries(Object.keys(deps.connectors.operations()).map(operation => [operation, call]))
  return {
    ...operations,
    'journal.append': storeJournal(append),
    'notice.send': sendNotice(deps, append),
    'exceptions.fire': fireExceptions(deps),
    'orders.merge': mergeOrders(deps),
    'orders.begin': beginOrders(deps),
    'bulk.send': sendBulk(deps),
    'bulk.finish': finishBulk(deps),
    run: runOperations(deps, append),
  } as OrderActivities & Record<string, CallActivity>
}
