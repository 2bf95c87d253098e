import { type ActivityOptions, scheduleActivity } from '@temporalio/workflow'
import type { JournalActivityInput, JournalBatch } from '../activities/contract.ts'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { Event } from '../domain/core/events/event.ts'
import type { Carried } from './messages.ts'

/** What may wait for the store: then new commands are turned away. */
const mostUnstoredBytes = 256 * 1024
/** More does not ride along: while the store is away, each activity would have all of it in its input. */
const mostRidingBytes = 32 * 1024
const mostAttempts = 100
/** Each stays pending until the run ends; a server allows 2,000. */
const mostQuiet = 10

/** Whose journal it is. */
type JournalOrder = Pick<JournalBatch, 'organisation' | 'orderNo' | 'process'>

/**
 * The part of the journal that is not known to be stored. A batch is frozen in the input of a regular activity: one of
 * its own, or one that is due anyway. The store takes the same events again, so two activities may bring the same ones.
 * One of its own that nobody waits for is a quiet one: it is tried for ever, but the order is not woken to hear that it
 * came off (ADR 0021).
 */
export class JournalFlush {
  private unstored: readonly Event[] = []
  private attempts: readonly Attempt[]
  private attemptCount: number
  private bytes = 0
  /** Seq up to which a batch is on its way. */
  private onItsWay = 0
  /** Id of the last attempt that is. */
  private attemptsOnTheirWay = 0
  private urgent = false
  private appending = false
  private ridesUnderWay = 0
  private quiet = 0
  readonly order: JournalOrder
  private readonly onStored: () => void

  constructor(order: JournalOrder, carried: Carried | undefined, onStored: () => void) {
    this.order = order
    this.onStored = onStored
    this.attempts = carried?.attempts ?? []
    this.attemptCount = carried?.attemptCount ?? 0
    this.add(carried?.unstored ?? [])
  }

  add(events: readonly Event[]): void {
    this.unstored = [...this.unstored, ...events]
    this.bytes += bytesOf(events)
  }

  refused(attempt: Omit<Attempt, 'id'>): void {
    this.attemptCount += 1
    this.attempts = [...this.attempts.slice(1 - mostAttempts), { id: `${this.attemptCount}`, ...attempt }]
    this.hurry()
  }

  get isFull(): boolean {
    return this.bytes > mostUnstoredBytes
  }

  get isStored(): boolean {
    return this.unstored.length === 0 && this.attempts.length === 0
  }

  /** Everything unstored, to ride in the input of an activity that is due anyway; undefined if nothing is new. */
  ride(): JournalBatch | undefined {
    if (!this.hasNew() || this.bytes > mostRidingBytes) return undefined
    this.ridesUnderWay += 1
    return this.take()
  }

  /** A ride's activity has ended. `seq`: up to where its batch was stored; undefined: it goes with the next one. */
  arrived(batch: JournalBatch | undefined, seq: number | undefined): void {
    if (batch === undefined) return
    this.ridesUnderWay -= 1
    this.stored(batch, seq)
  }

  /** Something was accepted that must not wait for the calls under way. */
  hurry(): void {
    this.urgent = this.hasNew()
  }

  /** Stores by an activity of its own what no other has taken along: when the order waits, in a hurry, or at its end. */
  flush(isWaiting: boolean, isClosed: boolean): void {
    if (this.appending || this.isStored) return
    // Before it closes, an order hears of every event that it is stored.
    const due = this.hasNew() ? isWaiting || this.urgent : isClosed && this.ridesUnderWay === 0
    if (!due) return
    const mayBeQuiet = !isClosed && this.quiet < mostQuiet && this.bytes <= mostRidingBytes
    void (mayBeQuiet ? this.appendQuietly(this.take()) : this.append(this.take()))
  }

  carried(): Pick<Carried, 'unstored' | 'attempts' | 'attemptCount'> {
    return { unstored: this.unstored, attempts: this.attempts, attemptCount: this.attemptCount }
  }

  private stored(batch: JournalBatch, seq: number | undefined): void {
    if (seq === undefined) {
      this.onItsWay = Math.min(this.onItsWay, (batch.events[0]?.seq ?? this.onItsWay + 1) - 1)
      this.attemptsOnTheirWay = 0
    } else {
      this.unstored = this.unstored.filter(event => event.seq > seq)
      this.attempts = this.attempts.filter(({ id }) => !batch.attempts.some(attempt => attempt.id === id))
      this.bytes = bytesOf(this.unstored)
    }
    this.onStored()
  }

  private hasNew(): boolean {
    const lastAttempt = Number(this.attempts.at(-1)?.id ?? 0)
    return (this.unstored.at(-1)?.seq ?? 0) > this.onItsWay || lastAttempt > this.attemptsOnTheirWay
  }

  private take(): JournalBatch {
    this.onItsWay = this.unstored.at(-1)?.seq ?? this.onItsWay
    this.attemptsOnTheirWay = this.attemptCount
    this.urgent = false
    return { ...this.order, events: this.unstored, attempts: this.attempts }
  }

  private async append(batch: JournalBatch): Promise<void> {
    this.appending = true
    const { stored } = await scheduleActivity<{ stored: number }>('journal.append', [batch], options)
    this.appending = false
    this.stored(batch, stored)
  }

  private async appendQuietly(batch: JournalBatch): Promise<void> {
    this.quiet += 1
    const input: JournalActivityInput = { ...batch, quietly: true }
    const { stored } = await scheduleActivity<{ stored: number }>('journal.append', [input], options)
    // As a rule it is never heard of again.
    this.quiet -= 1
    this.stored(batch, stored)
  }
}

const options: ActivityOptions = {
  // A store that is away never stops an order: it is tried for ever, and the run may end meanwhile.
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
}

/** Of JSON; text outside ASCII is counted as if it were inside. */
function bytesOf(events: readonly Event[]): number {
  return events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
}
