import { spanText } from '../check/span-text.ts'
import { orderStatus } from '../core/order-status.ts'
import type { OrderState } from '../core/state.ts'
import { stepNamed } from '../core/turn.ts'
import type { CompiledDefinition, Title } from '../definition/compiled-definition.ts'
import { statusLabels } from '../status.ts'
import type { Waiting } from './waiting.ts'
import type { CallAttempt, Next } from './why.ts'

/** Why an order is where it is, in a few sentences of both languages. */
export function whyText(
  definition: CompiledDefinition,
  state: OrderState,
  waiting: readonly Waiting[],
  coming: Next | null = null,
): Title {
  const status = orderStatus(definition, state)
  const label = statusLabels[status]
  if (state.closed !== null) {
    const at = timeText(state.closed.at)
    return {
      en: `${label.en} since ${at}: nothing is awaited any more.`,
      zh: `${at} 起${label.zh}，不再等待任何事项。`,
    }
  }
  const sentences = waiting.map(one => sentence(definition, one))
  const undoing = state.compensation === null ? [] : [compensationText(state.compensation)]
  const next = nextText(waiting, coming)
  return {
    en: [`${label.en}.`, ...[...undoing, ...sentences, ...next].map(text => text.en)].join(' '),
    zh: [`${label.zh}。`, ...[...undoing, ...sentences, ...next].map(text => text.zh)].join(''),
  }
}

function sentence(definition: CompiledDefinition, waiting: Waiting): Title {
  const { whom, about, what } = waiting
  const since = timeText(waiting.since)
  const step = waiting.step === null ? undefined : stepNamed(definition, waiting.step)
  const title = step?.title ?? { en: waiting.step ?? '', zh: waiting.step ?? '' }
  switch (what) {
    case 'decision':
      return {
        en: `Since ${since} it waits for ${whom} to decide "${title.en}".`,
        zh: `自 ${since} 起等待 ${whom} 处理“${title.zh}”。`,
      }
    case 'call':
      return {
        en: `"${title.en}": ${about} has been under way since ${since}; ${whom} looks after it.`,
        zh: `“${title.zh}”：${about} 自 ${since} 起执行中，由 ${whom} 负责。`,
      }
    case 'outcome':
      return {
        en: `"${title.en}": ${about}, begun at ${since}, is no longer wanted, and what became of it is not known yet.`,
        zh: `“${title.zh}”：${since} 发起的 ${about} 已不再需要，其结果尚未确知。`,
      }
    case 'undo':
      return {
        en: `"${title.en}" is being undone by ${about} since ${since}; ${whom} looks after it.`,
        zh: `“${title.zh}”自 ${since} 起由 ${about} 撤销中，由 ${whom} 负责。`,
      }
    case 'answer':
      return {
        en: `"${title.en}": ${about} was asked at ${since} what has really happened.`,
        zh: `“${title.zh}”：已于 ${since} 通过 ${about} 核实实际情况。`,
      }
    case 'fact':
      return {
        en: `Since ${since} it waits for ${about} to be reported ("${title.en}"); ${whom} looks after it.`,
        zh: `自 ${since} 起等待外部上报 ${about}（“${title.zh}”），由 ${whom} 负责。`,
      }
    case 'rest':
      return {
        en: `"${title.en}" has been done in part only since ${since}: ${whom} looks after the rest.`,
        zh: `“${title.zh}”自 ${since} 起仅部分完成，其余由 ${whom} 负责。`,
      }
    case 'successors':
      return {
        en: `Since ${since} the orders that come in its place are being begun: ${about}.`,
        zh: `自 ${since} 起正在创建后续订单：${about}。`,
      }
    case 'merge':
      return {
        en: `It is becoming one with ${about}, and waits for them.`,
        zh: `正在与 ${about} 合并，等待对方响应。`,
      }
    case 'review':
      return {
        en: `Since ${since} ${whom} must look into it${step === undefined ? '' : ` ("${title.en}")`}: ${about}.`,
        zh: `自 ${since} 起需由 ${whom} 人工处理${step === undefined ? '' : `（“${title.zh}”）`}：${about}。`,
      }
    case 'hold': {
      const hold = definition.holds[about]?.title ?? { en: about, zh: about }
      return {
        en: `It has been on hold since ${since} ("${hold.en}"); ${whom} looks after it.`,
        zh: `自 ${since} 起挂起（“${hold.zh}”），由 ${whom} 负责。`,
      }
    }
    default:
      return what satisfies never
  }
}

function compensationText({ goal, by }: NonNullable<OrderState['compensation']>): Title {
  if (goal.kind === 'rewind') {
    return { en: `${by} sent it back to "${goal.to}".`, zh: `${by} 已将其退回到“${goal.to}”。` }
  }
  const label = statusLabels[goal.status]
  return {
    en: `What was done is taken back on behalf of ${by}: it will be ${goal.status}.`,
    zh: `由 ${by} 发起撤销，完成后为${label.zh}。`,
  }
}

/** What the clock will do first, if nobody does anything. */
function nextText(waiting: readonly Waiting[], coming: Next | null): Title[] {
  const first = waiting.find(one => one.dueAt !== null && one.nextRung !== null)
  if (first?.dueAt == null || first.nextRung === null) return []
  const { action, target, fallback, provisional } = first.nextRung
  const at = timeText(first.dueAt)
  const when = remarks(coming, provisional === true)
  const to = targetText(target ?? first.whom)
  const [en, zh] = {
    remind: [`reminds ${to.en}`, `提醒${to.zh}`],
    escalate: [`escalates it to ${to.en}`, `上报给${to.zh}`],
    transfer: [`hands it over to ${to.en}`, `转交给${to.zh}`],
    fallback: fallbackText(fallback),
    give_up: [`gives ${first.about} up`, `放弃 ${first.about}`],
  }[action] as [string, string]
  return [
    {
      en: `If nothing happens, the clock ${en} at ${at}${when.en}.`,
      zh: `若无人处理，系统将于 ${at}${when.zh}${zh}。`,
    },
  ]
}

/** How long it is until then, or that it is late; and whether it may move. */
function remarks(coming: Next | null, provisional: boolean): Title {
  const all = [
    ...(coming === null ? [] : remaining(coming)),
    ...(provisional ? [{ en: 'provisional: holidays not announced yet', zh: '暂定：届时节假日安排尚未公布' }] : []),
  ]
  if (all.length === 0) return { en: '', zh: ' ' }
  return { en: ` (${all.map(({ en }) => en).join('; ')})`, zh: `（${all.map(({ zh }) => zh).join('；')}）` }
}

function remaining({ inMs, inWorkingMs, workingDayMs }: Next): Title[] {
  if (inMs < -60_000) return [{ en: 'it is late: the clock does not move', zh: '已逾时：时钟未动' }]
  if (inMs < 60_000) return []
  const span = spanText(Math.max(inWorkingMs, 60_000), workingDayMs)
  return inWorkingMs === inMs
    ? [{ en: `in ${span}`, zh: `${span} 后` }]
    : [{ en: `in ${span} of working time`, zh: `工作时间 ${span} 后` }]
}

/** Calls that did not come off at once. */
export function attemptTexts(attempts: readonly CallAttempt[]): Title[] {
  return attempts.flatMap(({ operation, attempt, lastError, giveUpAt }) => {
    if (attempt === undefined || (attempt < 2 && lastError === undefined)) return []
    const error = lastError ?? '-'
    return [
      {
        en: `${operation} is at its attempt ${attempt}, until ${timeText(giveUpAt)}; the last one failed: ${error}.`,
        zh: `${operation} 正在第 ${attempt} 次尝试（至 ${timeText(giveUpAt)}），上次失败：${error}。`,
      },
    ]
  })
}

/** Whom a rung names; a person or a role stands there as it is. */
function targetText(target: string): Title {
  switch (target) {
    case 'owner':
      return { en: 'the owner', zh: '负责人' }
    case 'manager':
      return { en: "the owner's manager", zh: '负责人的上级' }
    case 'process-owner':
      return { en: 'the process owner', zh: '流程负责人' }
    default:
      return { en: target, zh: ` ${target}` }
  }
}

function fallbackText(fallback: string | undefined): [string, string] {
  switch (fallback) {
    case 'cancel':
      return ['cancels the order', '取消订单']
    case 'continue':
      return ['goes on without it', '跳过此步骤继续']
    case 'release':
      return ['releases the hold', '解除挂起']
    default:
      return ['puts it into manual review', '转入人工审核']
  }
}

/** To the minute, in UTC. */
export function timeText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
}
