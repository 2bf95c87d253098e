import { ActivityFailure, scheduleActivity } from '@temporalio/workflow'
import type { Carried, NoticeActivityInput } from '../activities/contract.ts'
import type { Input, NoticeOutcome } from '../domain/core/input.ts'
import type { PendingNotice } from '../domain/core/pending.ts'
import type { Title } from '../domain/definition/compiled-definition.ts'
import type { JournalFlush } from './journal-flush.ts'

type Answer = Omit<Extract<Input, { type: 'notice' }>, 'at'>

/** Tells people beside the order: it never holds a command up, and is always answered within a minute. */
export class NoticeRunner {
  private readonly running = new Set<string>()
  private readonly title: () => Title
  private readonly journal: JournalFlush
  private readonly take: (answer: Answer) => void

  constructor(title: () => Title, journal: JournalFlush, take: (answer: Answer) => void) {
    this.title = title
    this.journal = journal
    this.take = take
  }

  get isQuiet(): boolean {
    return this.running.size === 0
  }

  reconcile(notices: readonly PendingNotice[]): void {
    for (const notice of notices) if (!this.running.has(notice.id)) void this.send(notice)
  }

  private async send(notice: PendingNotice): Promise<void> {
    this.running.add(notice.id)
    const journal = this.journal.ride()
    const input: NoticeActivityInput = {
      organisation: this.journal.order.organisation,
      orderNo: this.journal.order.orderNo,
      notice,
      title: this.title(),
      ...(journal && { journal }),
    }
    let outcome: NoticeOutcome
    let stored: number | undefined
    try {
      const carried = await scheduleActivity<Carried<NoticeOutcome>>('notice.send', [input], {
        scheduleToCloseTimeout: '60s',
        startToCloseTimeout: '20s',
        retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
        summary: `${notice.about} ${notice.target}`,
      })
      outcome = carried.outcome
      stored = carried.stored
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error
      outcome = { ok: false, reason: 'no_answer' }
    }
    this.running.delete(notice.id)
    this.journal.arrived(journal, stored)
    this.take({ type: 'notice', notice: notice.id, outcome })
  }
}
