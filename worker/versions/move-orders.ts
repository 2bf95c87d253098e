import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { newVersionSignal } from '../../workflows/messages.ts'
import { schemaVersionOf } from './build-id.ts'
import { codeOf } from './deployment.ts'
import { openElsewhere, type Place, standing } from './workflows-on.ts'

export interface MoveOptions extends Place {
  /** The version to move to, which is the current one. */
  readonly buildId: string
  /** So long those that are not idle are waited for; what goes later goes by itself. */
  readonly patienceMs: number
  readonly signal?: AbortSignal
  readonly tell?: (progress: { readonly left: number; readonly of: number }) => void
}

export interface Moved {
  readonly moved: number
  readonly ended: number
  /** Told, and still where they were; they go on as soon as they can. */
  readonly later: readonly { readonly workflowId: string; readonly buildId: string | null; readonly why: string }[]
  /** Not told: the version cannot read what they have written. */
  readonly kept: number
}

/** Workflows asked at the same time: each is a workflow task of its worker. */
const atOnce = 16
const firstPauseMs = 100
const longestPauseMs = 2_000

/**
 * The release sweep: tells every workflow on another version that there is a new one, and waits for those that are idle
 * to have gone on there. Done again it goes on where it was: who has moved is not told again.
 */
export async function moveOrders(client: Client, options: MoveOptions): Promise<Moved> {
  const told: string[] = []
  let kept = 0
  let ended = 0
  for await (const group of inGroups(openElsewhere(client, options, options.buildId), atOnce)) {
    const may = group.filter(({ buildId }) => canRead(options.buildId, buildId))
    kept += group.length - may.length
    const gone = await Promise.all(may.map(({ workflowId }) => tell(client, workflowId, options.buildId)))
    ended += gone.filter(is => is === 'ended').length
    told.push(...may.flatMap(({ workflowId }, index) => (gone[index] === 'told' ? [workflowId] : [])))
  }
  return { ...(await untilMoved(client, options, told, ended)), kept }
}

async function untilMoved(
  client: Client,
  { buildId, patienceMs, signal, tell }: MoveOptions,
  told: readonly string[],
  endedBefore: number,
): Promise<Omit<Moved, 'kept'>> {
  const giveUpAtMs = performance.now() + patienceMs
  let [moved, ended] = [0, endedBefore]
  let left: readonly string[] = told
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const later: Moved['later'][number][] = []
    for await (const group of inGroups(left, atOnce)) {
      for (const [index, is] of (await Promise.all(group.map(id => standing(client, id)))).entries()) {
        if (is.is === 'ended') ended += 1
        else if (is.buildId === buildId) moved += 1
        else later.push({ workflowId: group[index]!, buildId: is.buildId, why: is.why })
      }
    }
    tell?.({ left: later.length, of: told.length })
    if (later.length === 0 || performance.now() > giveUpAtMs) return { moved, ended, later }
    left = later.map(({ workflowId }) => workflowId)
    await pause(pauseMs, undefined, { signal })
  }
}

/** Whether code can read the states of another version; of a build id that somebody chose, nobody knows. */
export function canRead(buildId: string, other: string | null): boolean {
  const [mine, theirs] = [schemaVersionOf(buildId), other === null ? undefined : schemaVersionOf(other)]
  return mine === undefined || theirs === undefined || theirs <= mine
}

const notFound = 5

async function tell(client: Client, workflowId: string, buildId: string): Promise<'told' | 'ended'> {
  try {
    await client.workflow.getHandle(workflowId).signal(newVersionSignal, { buildId })
    return 'told'
  } catch (error) {
    if (codeOf(error) === notFound || (error as Error).name === 'WorkflowNotFoundError') return 'ended'
    throw error
  }
}

async function* inGroups<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = []
  for await (const item of items) {
    group.push(item)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
