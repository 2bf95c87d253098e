// Shared by the core, the store and the API: no schema library may enter this file.

/** What can be abnormal (docs/guide/exceptions.md says when each is raised). */
export const exceptionKinds = [
  'overdue',
  'failed',
  'mismatch',
  'duplicate',
  'ghost',
  'vanished',
  'dead',
  'rule',
  'undelivered',
] as const
export type ExceptionKind = (typeof exceptionKinds)[number]

export const exceptionLabels: Readonly<Record<ExceptionKind, { readonly en: string; readonly zh: string }>> = {
  overdue: { en: 'overdue', zh: '超时' },
  failed: { en: 'failed', zh: '失败' },
  mismatch: { en: 'mismatch', zh: '不一致' },
  duplicate: { en: 'duplicate', zh: '重复' },
  ghost: { en: 'ghost order', zh: '幽灵订单' },
  vanished: { en: 'vanished', zh: '丢失' },
  dead: { en: 'dead', zh: '失效' },
  rule: { en: 'rule', zh: '违反规则' },
  undelivered: { en: 'undelivered', zh: '通知未送达' },
}

export const severities = ['warning', 'error', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Where the file of rules says nothing else. */
export const usualSeverity: Readonly<Record<ExceptionKind, Severity>> = {
  overdue: 'warning',
  rule: 'warning',
  ghost: 'warning',
  duplicate: 'warning',
  failed: 'error',
  mismatch: 'error',
  vanished: 'critical',
  dead: 'critical',
  undelivered: 'critical',
}

export const exceptionStatuses = ['open', 'acknowledged', 'resolved'] as const
export type ExceptionStatus = (typeof exceptionStatuses)[number]

export const exceptionOutcomes = ['fixed', 'false_positive', 'accepted'] as const
export type ExceptionOutcome = (typeof exceptionOutcomes)[number]

/** What every exception shows; further members depend on its kind. */
export interface Evidence {
  /** In words: how it should have been. */
  readonly expected: string
  /** In words: how it was. */
  readonly seen: string
  /** Since when it has been so. */
  readonly since: string
  readonly [more: string]: unknown
}
