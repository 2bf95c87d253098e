import { EventEmitter, once } from 'node:events'
import type { Directory } from '../domain/directory.ts'
import type { ChannelsDescription } from '../domain/notice/channels-schema.ts'
import type { Texts } from '../domain/notice/texts.ts'
import type { Store } from '../store/open-store.ts'
import type { Claimed, Settlement } from '../store/outbox.ts'
import type { Channel, Channels } from './channels.ts'
import { compose } from './compose.ts'
import { raiseDead, resolveDead } from './dead-channels.ts'
import { type Sending, sendingFailed } from './transport.ts'

export interface OutboxOptions {
  readonly store: Pick<Store, 'claimMessage' | 'settleMessage' | 'getOrder' | 'raiseException' | 'resolveException'>
  readonly description: ChannelsDescription
  readonly channels: Channels
  readonly texts: Texts
  readonly directory: () => Directory
  readonly log?: (message: string) => void
}

/** Sends what waits in the store, in this process as in any other that runs beside it. */
export interface Outbox {
  readonly channels: Channels
  readonly description: ChannelsDescription
  /** Something has been written. */
  wake(): void
  /** Until something has been sent, or not; so long at most. */
  changed(mostMs: number): Promise<void>
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
}

const mostAtOnce = 16
/** How often a process looks for what another one has written, and for messages whose sender has died. */
const pollMs = 1000
const marginMs = 2000
const longestBackoffMs = 300_000

export function startOutbox(options: OutboxOptions): Outbox {
  const { store, channels, description, log = message => console.error(message) } = options
  const events = new EventEmitter().setMaxListeners(0)
  const underWay = new Set<Promise<void>>()
  const leaseMs = Math.max(0, ...[...channels.values()].map(({ timeoutMs }) => timeoutMs)) + 2 * marginMs
  let stopping = false
  let woken = false
  let trouble = ''

  async function pump(): Promise<void> {
    while (!stopping) {
      if (underWay.size >= mostAtOnce) {
        await Promise.race(underWay)
        continue
      }
      woken = false
      const waitMs = await next().then(
        ms => {
          trouble = ''
          return ms
        },
        (error: Error) => {
          // A store that is away is said once.
          if (error.message !== trouble) log(`notices: ${error.message}`)
          trouble = error.message
          return pollMs
        },
      )
      if (waitMs > 0 && !woken && !stopping) await pause(events, 'wake', waitMs)
    }
    await Promise.all(underWay)
  }

  /** Starts to send one message; answers how long there is nothing more to do. */
  async function next(): Promise<number> {
    const now = Date.now()
    const claim = await store.claimMessage(iso(now), iso(now + leaseMs), name => channels.get(name)?.rates ?? [])
    if (claim.notices.length === 0) {
      const nextAt = 'nextAt' in claim && claim.nextAt !== null ? Date.parse(claim.nextAt) : now + pollMs
      return Math.min(pollMs, Math.max(0, nextAt - now))
    }
    const sending = deliver(claim.notices)
      .catch((error: Error) => log(`notices: ${error.message}`))
      .finally(() => {
        underWay.delete(sending)
        events.emit('change')
        wake()
      })
    underWay.add(sending)
    return 0
  }

  async function deliver(notices: readonly Claimed[]): Promise<void> {
    const [first] = notices
    const channel = channels.get(first!.channel)
    const answer = channel === undefined ? unknownChannel(first!) : await send(channel, notices)
    const settlement = settle(channel, first!.tries, answer)
    if (settlement.state === 'failed') await raiseDead(store, description, notices, settlement)
    await store.settleMessage(first!.message, settlement)
    if (settlement.state === 'sent') await resolveDead(store, first!, settlement.at)
  }

  async function send(channel: Channel, notices: readonly Claimed[]): Promise<Sending> {
    const { timeZone } = description
    const { texts, directory } = options
    const message = await compose(notices, channel.transport.mostBytes, {
      texts,
      timeZone,
      directory,
      getOrder: store.getOrder,
    })
    const timeoutMs = channel.timeoutMs + marginMs
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<Sending>(resolve => {
      timer = setTimeout(() => resolve(sendingFailed(`no answer within ${timeoutMs} ms`)), timeoutMs)
    })
    return Promise.race([channel.transport.send(message), tooLong]).finally(() => clearTimeout(timer))
  }

  function wake(): void {
    woken = true
    events.emit('wake')
  }

  const ended = pump()
  return {
    channels,
    description,
    wake,
    changed: mostMs => pause(events, 'change', mostMs),
    async stop() {
      stopping = true
      wake()
      await ended
    },
  }
}

function unknownChannel({ channel }: Claimed): Sending {
  return sendingFailed(`there is no channel "${channel}" any more`, { permanent: true })
}

/** What becomes of the notices after a try. */
function settle(channel: Channel | undefined, triesBefore: number, answer: Sending): Settlement {
  const now = Date.now()
  if (answer.ok) return { state: 'sent', at: iso(now) }
  const { reason, permanent, waitMs } = answer
  const tries = triesBefore + 1
  if (channel === undefined || permanent || tries >= channel.tries) return { state: 'failed', at: iso(now), reason }
  const backoffMs = Math.min(longestBackoffMs, channel.retryAfterMs * 2 ** triesBefore)
  const dueAt = iso(now + Math.max(backoffMs, waitMs ?? 0))
  return { state: 'waiting', dueAt, reason, closes: waitMs !== undefined }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

async function pause(events: EventEmitter, name: string, mostMs: number): Promise<void> {
  const signal = AbortSignal.timeout(mostMs)
  await once(events, name, { signal }).catch(() => {})
}
