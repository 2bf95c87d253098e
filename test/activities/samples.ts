import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type {
  CallActivityInput,
  JournalBatch,
  NoticeActivityInput,
  RunActivityInput,
} from '../../activities/contract.ts'
import type { Connectors } from '../../connectors/registry.ts'
import type { CallRequest } from '../../domain/call.ts'
import type { PendingNotice } from '../../domain/core/pending.ts'

/* What a workflow would ask of the activities, and what they ask in turn. */

export const batch: JournalBatch = {
  organisation: 'main',
  orderNo: 'A-1',
  process: { id: 'shop', version: 1 },
  events: [],
  attempts: [],
}

export function requestOf(operation: string, input: CallRequest['input'] = {}): CallRequest {
  const [step = ''] = operation.split('.')
  return { operation, key: `main/A-1/${step}/1`, organisation: 'main', orderNo: 'A-1', step, round: 1, input }
}

const later = (ms: number) => new Date(Date.now() + ms).toISOString()

export function callOf(operation: string): CallActivityInput {
  return { request: requestOf(operation), giveUpAt: later(60_000), journal: batch }
}

export function runOf(...requests: readonly CallRequest[]): RunActivityInput {
  return { calls: requests.map(request => ({ request, giveUpAt: later(60_000) })) }
}

export function noticeTo(target: string, more: Partial<PendingNotice> = {}): NoticeActivityInput {
  return {
    organisation: 'main',
    orderNo: 'A-1',
    title: { en: 'Shop', zh: '商店' },
    notice: {
      id: 'n1',
      subject: 'step:approval',
      target,
      owner: 'role:sales-supervisor',
      about: 'remind',
      at: '2026-03-02T01:00:00.000Z',
      seq: 3,
      processOwner: 'zhao',
      ...more,
    },
  }
}

export function connectorsThat(call: Connectors['call']): Connectors {
  return { operations: () => ({}), call }
}

export function quietEnvironment(
  info: { readonly attempt?: number; readonly scheduledTimestampMs?: number } = {},
): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') })
}

/** Runs an activity as a worker would. */
export function inActivity<I, O>(
  activity: (input: I) => Promise<O>,
  input: I,
  environment: MockActivityEnvironment = quietEnvironment(),
): Promise<O> {
  return environment.run<[I], O, (input: I) => Promise<O>>(activity, input)
}

/** A journal that is written at once. */
export const stored = async () => ({ stored: 7 })
