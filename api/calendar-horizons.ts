import type { AppDependencies } from './dependencies.ts'

const dayMs = 86_400_000
/** Time enough to bring in the next year before it begins. */
const soonMs = 30 * dayMs

/** Whoever keeps the calendars learns that one of them ends soon: by a metric, and by a line at the start. */
export function tellHorizons({
  processes: { calendars },
  clock,
  metrics,
  logger,
}: Pick<AppDependencies, 'processes' | 'clock' | 'metrics' | 'logger'>): void {
  for (const { id, horizon, horizonAt } of Object.values(calendars)) {
    metrics.calendarHorizon.set({ calendar: id }, Date.parse(horizonAt) / 1000)
    if (Date.parse(horizonAt) - clock().getTime() > soonMs) continue
    logger.warn(
      { calendar: id, horizon },
      'holidays are known up to here only; later deadlines are provisional (docs/guide/calendars.md)',
    )
  }
}
