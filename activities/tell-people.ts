import type { NoticeOutcome } from '../domain/core/input.ts'
import { isReachable, type Person, waysTo } from '../domain/directory.ts'
import { quietUntil } from '../domain/notice/quiet-hours.ts'
import type { TextField } from '../domain/notice/texts.ts'
import type { StandIn } from '../domain/presence.ts'
import type { NoticeSubject } from '../notices/compose.ts'
import type { Outbox } from '../notices/outbox.ts'
import { outcomeOf } from '../notices/outcome-of.ts'
import type { OutgoingNotice, Way } from '../store/outbox.ts'
import type { ActivityDependencies } from './create-activities.ts'

/** Something that people are to be told. Whom it means today has been resolved. */
export interface Telling {
  readonly organisation: string
  /** Unique within the organisation: the same again tells nobody twice. */
  readonly id: string
  /** Null: it is about no order. */
  readonly orderNo: string | null
  readonly people: readonly Person[]
  /** Which of them are told in the place of somebody who is not there. */
  readonly standIns?: readonly StandIn[]
  /** Chooses the text (`processes/texts.yaml`). */
  readonly about: string
  /** What it is about: `step:approval`, `review:2`, `exception:x1`. */
  readonly subject: string
  readonly at: string
  readonly title: { readonly en: string; readonly zh: string }
  /** Whose turn it is: a person or a role. */
  readonly owner?: string
  /** Has an exception if it comes to nothing after this has been answered. */
  readonly processOwner?: string
  /** What the text may name, where the order does not say it (better). */
  readonly fields?: Partial<Record<TextField, string>>
  /** When there must be an answer; until then what is not decided is thrown, to be asked again. Default: fifteen seconds, in one go. */
  readonly answerBy?: string
}

export type TellingDependencies = Pick<ActivityDependencies, 'store' | 'outbox'>

/** Channels have it, and more than one look takes: ask again. */
export class StillBeingTold extends Error {
  override name = 'StillBeingTold'
}

/** How long whoever does not ask again waits. */
const onceMs = 15_000
/** How long one that is asked again does: an activity that waits takes the place of a call. */
const eachTimeMs = 3000
const lookMs = 1000
/** What waits longer than this is held until its time (quiet hours); its order is not kept waiting. */
const heldMs = 60_000

/**
 * Tells each of them by their channels, and says what became of it. It is in their inbox at once, and written before
 * it is sent: whoever dies in between, it goes out. Throws StillBeingTold, or that the store is away: both are to be
 * asked again with the same id.
 */
export async function tellPeople(deps: TellingDependencies, telling: Telling): Promise<NoticeOutcome> {
  const begun = Date.now()
  const people = telling.people.filter(isReachable)
  if (people.length === 0) {
    return { ok: false, reason: `nobody who is meant has a channel: ${telling.people.map(({ id }) => id).join(', ')}` }
  }
  const answerBy = telling.answerBy ?? new Date(begun + onceMs).toISOString()
  const { organisation, id, orderNo, at } = telling
  await deps.store.insertNotices(
    people.map(person => ({
      organisation,
      id,
      orderNo,
      person: person.id,
      channel: 'inbox',
      subject: subjectOf(telling, person),
      at,
    })),
  )
  const inboxes = new Set(people.filter(hasInbox).map(person => person.id))
  const outgoing = people.flatMap(person => outgoingTo(person, telling, answerBy, deps.outbox) ?? [])
  if (outgoing.length === 0) return withStandIns(outcomeOf(people, inboxes, [], at).outcome, telling)
  await deps.store.insertOutgoing(outgoing)
  deps.outbox?.wake()
  const until = Math.min(begun + (telling.answerBy === undefined ? onceMs : eachTimeMs), Date.parse(answerBy))
  return withStandIns(await untilKnown(deps, telling, people, inboxes, until, answerBy), telling)
}

/** Those of them who have been told. */
function withStandIns(outcome: NoticeOutcome, { standIns = [] }: Telling): NoticeOutcome {
  if (!outcome.ok) return outcome
  const told = standIns.filter(({ person }) => outcome.persons.includes(person))
  return told.length === 0 ? outcome : { ...outcome, standIns: told }
}

async function untilKnown(
  { store, outbox }: TellingDependencies,
  { organisation, id }: Telling,
  people: readonly Person[],
  inboxes: ReadonlySet<string>,
  until: number,
  answerBy: string,
): Promise<NoticeOutcome> {
  for (;;) {
    const rows = await store.deliveriesOf(organisation, id)
    const now = Date.now()
    const isLast = now >= Date.parse(answerBy)
    const heldAfter = new Date(now + (isLast ? 0 : heldMs)).toISOString()
    const { outcome, open } = outcomeOf(people, inboxes, rows, heldAfter)
    // Whoever has been told has been: the others are not waited for long.
    if (!open || isLast || (outcome.ok && now >= until)) return outcome
    if (now >= until) throw new StillBeingTold(outcome.ok ? id : outcome.reason)
    await outbox?.changed(Math.min(lookMs, until - now))
  }
}

function subjectOf({ about, subject, title, owner, fields, standIns = [] }: Telling, { id }: Person): NoticeSubject {
  const more = { ...(owner && { owner }), ...(fields && { fields }), ...insteadOf(standIns, id) }
  return { about, subject, process: title, ...more }
}

function hasInbox(person: Person): boolean {
  return waysTo(person).some(({ channel }) => channel === 'inbox')
}

/** By the first of the person's channels; the others are for when it is dead. */
function outgoingTo(
  person: Person,
  telling: Telling,
  answerBy: string,
  outbox: Outbox | undefined,
): OutgoingNotice | undefined {
  if (outbox === undefined) return
  const ways: Way[] = waysTo(person).flatMap(way => {
    const channel = outbox.channels.get(way.channel)
    return channel === undefined ? [] : [{ ...way, robot: channel.robotOf(way) }]
  })
  const [first, ...next] = ways
  if (first === undefined) return
  const { organisation, id, orderNo, at, processOwner } = telling
  const now = new Date().toISOString()
  const quiet = person.quietHours && quietUntil(person.quietHours, now, outbox.description.timeZone)
  const language = person.language ?? 'en'
  return {
    organisation,
    id,
    orderNo,
    person: person.id,
    channel: first.channel,
    subject: subjectOf(telling, person),
    at,
    robot: first.robot,
    delivery: {
      address: first.address ?? null,
      language,
      name: person.name[language],
      next,
      answerBy,
      processOwner: processOwner ?? null,
    },
    dueAt: quiet ?? now,
  }
}

/** So that they see why it comes to them. */
function insteadOf(standIns: readonly StandIn[], person: string): Pick<NoticeSubject, 'insteadOf'> {
  const theirs = standIns.filter(standIn => standIn.person === person)
  return theirs.length === 0 ? {} : { insteadOf: theirs.map(({ person: _person, ...whom }) => whom) }
}
