import type pg from 'pg'

/** The first rung of one order's approval, by its journal. */
export interface FiredRung {
  readonly dueMs: number
  /** Null: not yet. */
  readonly firedMs: number | null
  /** How often its owner was reminded because of it, and how often that was delivered. */
  readonly asked: number
  readonly told: number
}

/** Of those orders whose numbers begin so. */
export async function firedRungs(database: pg.Client, prefix: string): Promise<FiredRung[]> {
  const { rows } = await database.query<{ due: Date; fired: Date | null; asked: number; told: number }>(
    `with reminders as (
      select order_no, count(*)::int as asked, array_agg(data->>'notice') as notices from journal
        where organisation = 'main' and order_no like $1 and type = 'notice.requested' and data->>'about' = 'remind' group by order_no),
    delivered as (
      select j.order_no, count(*)::int as told from journal j join reminders r using (order_no)
        where j.organisation = 'main' and j.type = 'notice.delivered' and j.data->>'notice' = any(r.notices) group by j.order_no)
    select (e.data->'clock'->>'dueAt')::timestamptz as due, f.at as fired,
      coalesce(r.asked, 0) as asked, coalesce(d.told, 0) as told
    from journal e
      left join journal f on f.organisation = e.organisation and f.order_no = e.order_no and f.type = 'rung.fired' and f.data->>'rung' = '0'
      left join reminders r on r.order_no = e.order_no
      left join delivered d on d.order_no = e.order_no
    where e.organisation = 'main' and e.order_no like $1 and e.type = 'step.entered' and e.data->'clock' is not null
      and e.data->>'step' = 'approval'`,
    [`${prefix}%`],
  )
  return rows.map(({ due, fired, asked, told }) => ({
    dueMs: due.getTime(),
    firedMs: fired?.getTime() ?? null,
    asked,
    told,
  }))
}
