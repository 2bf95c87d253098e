import type { ChannelsDescription } from '../domain/notice/channels-schema.ts'
import type { NewException } from '../store/exception-queue.ts'
import type { Store } from '../store/open-store.ts'
import type { Claimed } from '../store/outbox.ts'

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
  const evidence = { channel, person, address: delivery.address, reason, tries: tries + 1, notices: notices.length }
  const raised = { organisation, step: null, openedAt: at }
  await raise(store, {
    ...raised,
    id: `dead:${robot.replaceAll(' ', ':')}`,
    orderNo: null,
    kind: 'dead',
    severity: 'error',
    owner: description.owner,
    evidence,
  })
  for (const { id, orderNo, delivery: own } of notices) {
    if (own.next.length > 0 || at <= own.answerBy) continue
    await raise(store, {
      ...raised,
      id: `undelivered:${id}:${person}`,
      orderNo,
      kind: 'undelivered',
      severity: 'critical',
      owner: own.processOwner ?? description.owner,
      evidence: { notice: id, ...evidence },
    })
  }
}

/** One that a person is done with stays done; if it happens again it is another one. */
async function raise(store: Pick<Store, 'raiseException'>, exception: NewException): Promise<void> {
  let { id } = exception
  for (let again = 2; (await store.raiseException({ ...exception, id })) === 'resolved'; again += 1) {
    id = `${exception.id}:${again}`
  }
}
