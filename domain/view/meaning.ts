import { stepNamed } from '../core/turn.ts'
import type { CompiledDefinition, Title } from '../definition/compiled-definition.ts'
import type { AvailableCommand } from './available-commands.ts'

/** What a command would mean for the order, in a sentence; of one that there is nothing to say about, nothing. */
export function meaningOf(definition: CompiledDefinition, command: AvailableCommand): Title | undefined {
  const titleOf = (id: string | undefined) => stepNamed(definition, id ?? '')?.title ?? { en: id ?? '', zh: id ?? '' }
  const step = titleOf(command.step)
  const to = titleOf(command.to)
  const review = command.hold?.startsWith('review:')
  const hold = definition.holds[command.hold ?? '']?.title ?? { en: command.hold ?? '', zh: command.hold ?? '' }
  const meanings: Readonly<Record<string, Title>> = {
    approve: { en: `"${step.en}" is done, and the order goes on.`, zh: `“${step.zh}”通过，订单继续。` },
    reject: { en: `"${step.en}" is refused, as the process says.`, zh: `“${step.zh}”不通过，按流程规定处理。` },
    retry: {
      en: `"${step.en}" is tried again, under the same key: what was done already is not done twice.`,
      zh: `以同一幂等键重试“${step.zh}”，已完成的不会重复。`,
    },
    send_back: {
      en: `What was done from "${to.en}" on is undone, and the order begins anew there.`,
      zh: `撤销自“${to.zh}”起已完成的步骤，并从该步骤重新开始。`,
    },
    rollback: {
      en: `What was done after "${to.en}" is undone, and the order goes on from there.`,
      zh: `撤销“${to.zh}”之后的步骤，并从该处继续。`,
    },
    amend: {
      en: 'What was asked for changes; what was done and does not fit any more is undone and done anew.',
      zh: '修改订单内容；已完成但不再相符的步骤将撤销并重新执行。',
    },
    migrate: {
      en: 'The order follows another version of its process; what was decided stays decided.',
      zh: '订单改按流程的另一版本执行，已决定的保持不变。',
    },
    skip: { en: `The order goes on without "${step.en}".`, zh: `跳过“${step.zh}”继续。` },
    override: {
      en: 'What the world has done is set right by hand, with evidence; nothing is called.',
      zh: '凭证据人工订正为实际情况，不调用任何外部系统。',
    },
    confirm: { en: 'You are the second person: what was proposed is done.', zh: '由您作为第二人确认，提议随即执行。' },
    decline: { en: 'What was proposed is not done.', zh: '否决提议，不予执行。' },
    claim: { en: 'You take it over from your role: it is yours to decide.', zh: '由您认领处理。' },
    transfer: { en: 'Somebody else has to decide it; its deadlines stay.', zh: '转交他人处理，时限不变。' },
    hold: {
      en: `The order stands still ("${hold.en}") until it is released.`,
      zh: `挂起订单（“${hold.zh}”），直至解除。`,
    },
    release: review
      ? { en: 'The review is over, and the order goes on as it stands.', zh: '结束人工审核，订单按现状继续。' }
      : { en: `The hold "${hold.en}" ends, and the order goes on.`, zh: `解除“${hold.zh}”，订单继续。` },
    cancel: {
      en: 'Everything that was done is undone in reverse order, then the order is closed as cancelled.',
      zh: '按相反次序撤销已完成的步骤，然后取消订单。',
    },
    split: {
      en: 'Everything that was done is undone, and the order is done anew as several orders that add up to it.',
      zh: '撤销已完成的步骤，并拆分为数量与金额合计一致的多个订单重新执行。',
    },
    merge: {
      en: 'It becomes one order with others of the same customer: what was done is undone, and done anew together.',
      zh: '与同一客户的其他订单合并为一个订单：撤销已完成的步骤，合并后重新执行。',
    },
    void: {
      en: 'Everything that was done is undone in reverse order, then the order is closed as voided.',
      zh: '按相反次序撤销已完成的步骤，然后作废订单。',
    },
  }
  return meanings[command.type]
}
