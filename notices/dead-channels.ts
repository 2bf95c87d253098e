import type { ChannelsDescription } from '../domain/notice/channels-schema.ts'
import type { Store } from '../store/open-store.ts'
import type { Claimed } from '../store/outbox.ts'
import type { NoticeSubject } from './compose.ts'

/**
 * A channel that has failed is an exception with an owner; so is each notice that now reaches a person by no channel,
 * unless whoever asked for it is still to be answered.
 */
export async function raiseDead(
  store: Pick<Store, 'raiseException'>,
  description: ChannelsDescription,
  notices: readonly Claimed[],
  { at, reason }: { readonly at: string; readonly reason: string },
): Promise<void> {
  const { organisation, channel, robot, person, delivery, tries } = notices[0]!
  const { address } = delivery
  const expected = `${channel} reaches ${person}`
  const shown = { channel, person, address, reason, tries: tries + 1, notices: notices.length }
  const evidence = { expected, seen: reason, since: at, ...shown }
  const raised = { organisation, step: null, openedAt: at }
  await store.raiseException({
    ...raised,
    id: idOf(robot),
    orderNo: null,
    kind: 'dead',
    severity: 'error',
    owner: description.owner,
    evidence,
  })
  for (const { id, orderNo, subject, delivery: own } of notices) {
    if (own.next.length > 0 || at <= own.answerBy || isAboutException(subject)) continue
    await store.raiseException({
      ...raised,
      id: `undelivered:${id}:${person}`,
      orderNo,
      kind: 'undelivered',
      severity: 'critical',
      owner: own.processOwner ?? description.owner,
      evidence: { ...evidence, expected: `notice ${id} reaches ${person}`, notice: id },
    })
  }
}

/** A channel that has failed delivers again: what was raised about it is over. Of one that nothing was raised about, nothing. */
export async function resolveDead(
  store: Pick<Store, 'resolveException'>,
  { organisation, channel, robot, person }: Pick<Claimed, 'organisation' | 'channel' | 'robot' | 'person'>,
  at: string,
): Promise<void> {
  const said = { by: 'outbox', at, note: `${channel} reaches ${person} again` }
  // Where somebody has resolved it otherwise, that stands.
  await store.resolveException(organisation, idOf(robot), { ...said, outcome: 'fixed' })
}

function idOf(robot: string): string {
  return `dead:${robot.replaceAll(' ', ':')}`
}

/** It has a ladder of its own, and one about its own notices would have no end. */
function isAboutException(subject: unknown): boolean {
  return (subject as NoticeSubject).subject.startsWith('exception:')
}
