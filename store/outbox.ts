import { createHash } from 'node:crypto'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Address, Language, Rate } from '../domain/notice/channels-schema.ts'
import type { Db, Tables, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import { lately, lockRobot, slot } from './robots.ts'

/** One way to a person, and what limits it. */
export interface Way extends Address {
  readonly robot: string
}

export interface Delivery {
  readonly address: string | null
  readonly language: Language
  readonly name: string
  /** The person's further channels, for when this one is dead. */
  readonly next: readonly Way[]
  /** By then whoever asked has been answered: what fails later is an exception, of the process owner if there is one. */
  readonly answerBy: string
  readonly processOwner: string | null
}

/** A notice on its way to one person by one channel. */
export interface OutgoingNotice {
  readonly organisation: string
  readonly id: string
  readonly orderNo: string | null
  readonly person: string
  readonly channel: string
  readonly subject: unknown
  readonly at: string
  readonly robot: string
  readonly delivery: Delivery
  /** Not before. */
  readonly dueAt: string
}

export type NoticeState = 'waiting' | 'sending' | 'sent' | 'failed'

export interface StoredDelivery {
  readonly person: string
  readonly channel: string
  readonly state: NoticeState
  readonly dueAt: string | null
  readonly tries: number
  readonly repeats: number
  readonly lastError: string | null
  readonly message: string | null
}

/** Notices of one person that go out as one message, by whoever claimed them. */
export interface Claimed extends Omit<OutgoingNotice, 'dueAt'> {
  readonly message: string
  readonly tries: number
  readonly repeats: number
}

export type Claim =
  | { readonly notices: readonly Claimed[] }
  /** Nothing to send now; the next perhaps then. */
  | { readonly notices: readonly []; readonly nextAt: string | null }

export type Settlement =
  | { readonly state: 'sent'; readonly at: string }
  /** `closes`: the robot takes nothing else until then either. */
  | { readonly state: 'waiting'; readonly dueAt: string; readonly reason: string; readonly closes: boolean }
  | { readonly state: 'failed'; readonly at: string; readonly reason: string }

export interface OutboxStore {
  /** The same notice to the same person by the same channel is written once. */
  insertOutgoing(notices: readonly OutgoingNotice[]): Promise<void>
  /** What became of a notice, person by person. */
  deliveriesOf(organisation: string, id: string): Promise<readonly StoredDelivery[]>
  /** Takes the next message that is due and that its robot has room for, until `leaseUntil`. */
  claimMessage(now: string, leaseUntil: string, rates: (channel: string) => readonly Rate[]): Promise<Claim>
  /** Those of a message that are still `sending`. Failed ones go on by the person's next channel, in the same breath. */
  settleMessage(message: string, settlement: Settlement): Promise<void>
}

/** So many notices at most go out as one message; the rest are in the next. */
const mostInOne = 500

export function outboxStore(db: Db): OutboxStore {
  return {
    async insertOutgoing(notices) {
      await insert(db, notices)
    },

    deliveriesOf: (organisation, id) =>
      db
        .selectFrom('notices')
        .select(['person', 'channel', 'state', 'dueAt', 'tries', 'repeats', 'lastError', 'message'])
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .orderBy('person')
        .execute(),

    async claimMessage(now, leaseUntil, rates) {
      const next = await due(db, now).select(['robot', 'channel']).executeTakeFirst()
      if (next === undefined) return { notices: [], nextAt: await nextAt(db, now) }
      const robot = next.robot!
      return db.transaction().execute(async tx => {
        const { sent, closedUntil } = await lockRobot(tx, robot)
        const roomAt = slot(sent, rates(next.channel), closedUntil !== null && closedUntil > now ? closedUntil : now)
        if (roomAt > now) {
          await tx
            .updateTable('notices')
            .set({ dueAt: roomAt })
            .where(isOpen)
            .where('robot', '=', robot)
            .where('dueAt', '<', roomAt)
            .where(eb => eb.or([eb('state', '=', 'waiting'), eb('dueAt', '<=', now)]))
            .execute()
          return { notices: [], nextAt: now }
        }
        const notices = await take(tx, robot, now, leaseUntil)
        if (notices.length === 0) return { notices: [], nextAt: now }
        await tx
          .updateTable('robots')
          .set({ sent: lately([...sent, now], rates(next.channel), now) })
          .where('robot', '=', robot)
          .execute()
        return { notices }
      })
    },

    settleMessage: (message, settlement) =>
      db.transaction().execute(async tx => {
        const rows = await tx
          .updateTable('notices')
          .set(eb => ({
            state: settlement.state,
            dueAt: settlement.state === 'waiting' ? settlement.dueAt : null,
            sentAt: settlement.state === 'sent' ? settlement.at : null,
            lastError: settlement.state === 'sent' ? null : settlement.reason,
            tries: eb('tries', '+', 1),
          }))
          .where('message', '=', message)
          .where('state', '=', 'sending')
          .returningAll()
          .execute()
        if (settlement.state === 'waiting' && settlement.closes && rows.length > 0) {
          const robots = rows.map(row => row.robot!)
          await tx.updateTable('robots').set({ closedUntil: settlement.dueAt }).where('robot', 'in', robots).execute()
        }
        if (settlement.state !== 'failed') return
        await insert(
          tx,
          rows.flatMap(({ delivery, robot: _robot, organisation, id, orderNo, person, subject, at }) => {
            const [following, ...next] = delivery?.next ?? []
            if (delivery === null || following === undefined) return []
            const onward = { ...delivery, address: following.address ?? null, next }
            const { channel, robot } = following
            return [
              {
                organisation,
                id,
                orderNo,
                person,
                channel,
                subject,
                at,
                robot,
                delivery: onward,
                dueAt: settlement.at,
              },
            ]
          }),
        )
      }),
  }
}

async function insert(db: Db | Tx, notices: readonly OutgoingNotice[]): Promise<void> {
  if (notices.length === 0) return
  await db
    .insertInto('notices')
    .values(
      notices.map(({ subject, delivery, ...notice }) => ({
        ...notice,
        subject: toJsonText(subject),
        delivery: toJsonText(delivery),
        state: 'waiting' as const,
      })),
    )
    .onConflict(conflict => conflict.columns(['organisation', 'id', 'person', 'channel']).doNothing())
    .execute()
}

const isOpen = sql<boolean>`state in ('waiting', 'sending')`

/** Longest due first. While one message is on its way to a person the next ones of that channel gather. */
function due(db: Db | Tx, now: string) {
  return db
    .selectFrom('notices as n')
    .where(sql<boolean>`n.state in ('waiting', 'sending')`)
    .where('n.dueAt', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('notices as other')
            .select('other.id')
            .whereRef('other.robot', '=', 'n.robot')
            .whereRef('other.organisation', '=', 'n.organisation')
            .whereRef('other.person', '=', 'n.person')
            .where('other.state', '=', 'sending')
            .where('other.dueAt', '>', now),
        ),
      ),
    )
    .orderBy('n.dueAt')
    .orderBy('n.at')
    .orderBy('n.id')
    .limit(1)
}

async function nextAt(db: Db, now: string): Promise<string | null> {
  const row = await db
    .selectFrom('notices')
    .select(({ fn }) => fn.min('dueAt').as('at'))
    .where(isOpen)
    .where('dueAt', '>', now)
    .executeTakeFirst()
  return row?.at ?? null
}

async function take(tx: Tx, robot: string, now: string, leaseUntil: string): Promise<readonly Claimed[]> {
  const first = await due(tx, now).selectAll('n').where('n.robot', '=', robot).executeTakeFirst()
  if (first === undefined) return []
  const { organisation, id, person, channel } = first
  // A message that was formed stays what it is: a repetition must be recognised as one.
  const together = ({ and, eb }: ExpressionBuilder<Tables, 'notices'>) =>
    first.message !== null
      ? and([eb('message', '=', first.message), eb('state', '=', first.state)])
      : and([
          eb('organisation', '=', organisation),
          eb('person', '=', person),
          eb('channel', '=', channel),
          eb('robot', '=', robot),
          eb('message', 'is', null),
          eb('state', '=', 'waiting'),
          eb('dueAt', '<=', now),
        ])
  const ids = await tx
    .selectFrom('notices')
    .select('id')
    .where(together)
    .orderBy('at')
    .orderBy('id')
    .limit(mostInOne)
    .execute()
  const message = first.message ?? messageId([organisation, id, person, channel])
  const rows = await tx
    .updateTable('notices')
    .set(eb => ({
      state: 'sending',
      message,
      dueAt: leaseUntil,
      repeats: eb('repeats', '+', first.state === 'sending' ? 1 : 0),
    }))
    .where(together)
    .where(
      'id',
      'in',
      ids.map(row => row.id),
    )
    .returningAll()
    .execute()
  return rows
    .map(row => ({ ...row, robot, message, delivery: row.delivery! }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1))
}

function messageId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
