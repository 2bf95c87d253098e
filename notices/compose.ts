import type { Directory } from '../domain/directory.ts'
import type { Language } from '../domain/notice/channels-schema.ts'
import { type TextField, type Texts, wordingOf } from '../domain/notice/texts.ts'
import type { StandIn } from '../domain/presence.ts'
import { statusLabels } from '../domain/status.ts'
import type { OrderView } from '../domain/view/order-view.ts'
import type { OrderRow } from '../store/orders.ts'
import type { Claimed } from '../store/outbox.ts'
import type { Message } from './transport.ts'

/** A digest is to be read: the rest are in the inbox. */
const mostListed = 50

/** What is kept of a notice for its text. */
export interface NoticeSubject {
  readonly about: string
  readonly subject: string
  readonly process: { readonly en: string; readonly zh: string }
  readonly owner?: string
  /** Those who are not there, and in whose place the person is told. */
  readonly insteadOf?: readonly Omit<StandIn, 'person'>[]
  readonly fields?: Partial<Record<TextField, string>>
}

export interface Surroundings {
  readonly texts: Texts
  readonly timeZone: string
  readonly directory: () => Directory
  readonly getOrder: (organisation: string, orderNo: string) => Promise<OrderRow | null>
}

/** The message that stands for these notices to one person: the notice itself, or a digest of them. */
export async function compose(
  notices: readonly Claimed[],
  mostBytes: number,
  surroundings: Surroundings,
): Promise<Message> {
  const [first] = notices
  if (first === undefined) throw new RangeError('a message is about something')
  const { language, address, name } = first.delivery
  const wordings = await inTurn(notices.slice(0, mostListed), async notice => {
    const { about } = notice.subject as NoticeSubject
    return wordingOf(surroundings.texts, about, language, await fieldsOf(notice, language, surroundings))
  })
  const one = wordings[0]!
  const wording =
    notices.length === 1
      ? one
      : wordingOf(surroundings.texts, 'digest', language, {
          person: name,
          count: String(notices.length),
          // Room is left for the rest of the text, and for a robot's own additions.
          list: listed(
            wordings.map(({ subject }) => `- ${subject}`),
            notices.length,
            mostBytes - 600,
            language,
          ),
        })
  return {
    id: first.message,
    organisation: first.organisation,
    person: first.person,
    address,
    language,
    subject: wording.subject,
    text: cut(wording.text, mostBytes - 300),
    notices: notices.map(({ id, orderNo, at, subject }) => {
      const { about, subject: what } = subject as NoticeSubject
      return { id, orderNo, about, subject: what, at }
    }),
  }
}

async function fieldsOf(
  { organisation, orderNo, at, subject, delivery }: Claimed,
  language: Language,
  { directory, getOrder, timeZone }: Surroundings,
): Promise<Partial<Record<TextField, string>>> {
  const notice = subject as NoticeSubject
  const order = orderNo === null ? null : await getOrder(organisation, orderNo)
  const view = order?.view as OrderView | null | undefined
  const [kind, id] = notice.subject.split(':')
  const step = kind === 'step' ? view?.steps.find(other => other.id === id) : undefined
  const review = kind === 'review' ? view?.reviews.find(other => other.id === id) : undefined
  const hold = kind === 'hold' ? view?.holds.find(other => other.id === id) : undefined
  const proposal = kind === 'proposal' ? view?.proposals?.find(other => other.id === id) : undefined
  const dueAt = step?.dueAt ?? review?.dueAt ?? hold?.dueAt ?? proposal?.lapsesAt
  const about = proposal && 'step' in proposal.command ? proposal.command.step : review?.step
  const titled = step ?? view?.steps.find(other => other.id === about)
  const title = (titled?.title ?? hold?.title)?.[language]
  const content = order?.content as { customer?: { id: string; name?: string } } | undefined
  const known: Partial<Record<TextField, string | undefined>> = {
    organisation,
    orderNo: orderNo ?? undefined,
    process: notice.process[language],
    customer: content?.customer?.name ?? content?.customer?.id,
    status: view ? statusLabels[view.status][language] : undefined,
    step: proposal === undefined ? (title ?? id) : [proposal.command.type, title].filter(Boolean).join(' '),
    owner: named(directory(), step?.owner ?? review?.owner ?? hold?.owner ?? proposal?.by ?? notice.owner, language),
    dueAt: dueAt ? timeText(dueAt, timeZone) : undefined,
    person: addressee(directory(), delivery.name, notice, language),
    reason: review?.message ?? proposal?.command.reason,
    at: timeText(at, timeZone),
  }
  return { ...present(known), ...notice.fields }
}

function present(fields: Partial<Record<TextField, string | undefined>>): Partial<Record<TextField, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function named(directory: Directory, owner: string | undefined, language: Language): string | undefined {
  if (owner === undefined) return
  return directory.people.find(({ id }) => id === owner)?.name[language] ?? owner.replace(/^role:/, '')
}

/** Whoever stands in reads for whom. */
function addressee(directory: Directory, name: string, { insteadOf = [] }: NoticeSubject, language: Language): string {
  const whom = insteadOf.map(absent => named(directory, absent.insteadOf, language)).join(', ')
  if (whom === '') return name
  return language === 'zh' ? `${name}（代 ${whom}）` : `${name} (for ${whom})`
}

/** `2026-03-02 09:00 (Asia/Shanghai)` */
function timeText(at: string, timeZone: string): string {
  const part: Record<string, string> = {}
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  for (const { type, value } of format.formatToParts(Date.parse(at))) part[type] = value
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute} (${timeZone})`
}

/** As many lines as there is room for, and how many are missing. */
function listed(lines: readonly string[], count: number, mostBytes: number, language: Language): string {
  const shown: string[] = []
  let bytes = 0
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1
    if (bytes > mostBytes) break
    shown.push(line)
  }
  const more = count - shown.length
  if (more > 0) shown.push(language === 'zh' ? `……另有 ${more} 条，见收件箱` : `... and ${more} more in the inbox`)
  return shown.join('\n')
}

function cut(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  // A character that the cut went through is left out.
  return `${new TextDecoder().decode(Buffer.from(text).subarray(0, mostBytes)).replace(/\uFFFD+$/, '')}...`
}

async function inTurn<T, R>(items: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await one(item))
  return results
}
