import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Absence, Person } from '../domain/directory.ts'
import type { Db } from './database.ts'
import { canonicalJson, toJsonText } from './json-text.ts'

export interface PersonRow {
  readonly organisation: string
  readonly id: string
  /** As in the file. */
  readonly document: Person
  readonly contentHash: string
  /** Goes up with each other content. */
  readonly version: number
  /** Set since; null: those of the file. */
  readonly absences: readonly Absence[] | null
  readonly absencesBy: string | null
  readonly absencesAt: string | null
  readonly loadedAt: string
}

export interface PeopleStore {
  /**
   * Makes these the people of their organisations. Absences that were set since stay, unless the file's own have changed.
   * Whoever is listed no more has left: what is theirs goes to their deputy or manager.
   */
  storePeople(people: readonly Person[], at: string): Promise<void>
  /** In the place of those before. False: there is no such person. */
  setAbsences(
    key: { readonly organisation: string; readonly id: string },
    absences: readonly Absence[],
    by: string,
    at: string,
  ): Promise<boolean>
  /** Of all organisations. */
  listPeople(): Promise<readonly PersonRow[]>
}

export function peopleStore(db: Db): PeopleStore {
  return {
    storePeople: (people, at) =>
      db.transaction().execute(async tx => {
        for (const [organisation, those] of Map.groupBy(people, person => person.organisation)) {
          const ids = those.map(({ id }) => id)
          await tx
            .updateTable('people')
            .set({
              document: sql`jsonb_set(document, '{left}', to_jsonb(${dayBefore(at)}::text))`,
              contentHash: 'left',
              version: sql`version + 1`,
              loadedAt: at,
            })
            .where('organisation', '=', organisation)
            .where('id', '<>', sql<string>`all(${ids}::text[])`)
            .where('contentHash', '<>', 'left')
            .execute()
          await tx
            .insertInto('people')
            .values(those.map(person => newRow(person, at)))
            .onConflict(conflict =>
              conflict
                .columns(['organisation', 'id'])
                .doUpdateSet({
                  document: sql`excluded.document`,
                  contentHash: sql`excluded.content_hash`,
                  version: sql`people.version + 1`,
                  absences: sql`case when people.document->'absences' is distinct from excluded.document->'absences'
                    then null else people.absences end`,
                  loadedAt: sql`excluded.loaded_at`,
                })
                .where(sql<boolean>`people.content_hash <> excluded.content_hash`),
            )
            .execute()
        }
      }),

    async setAbsences({ organisation, id }, absences, by, at) {
      const row = await db
        .updateTable('people')
        .set({ absences: toJsonText(absences), absencesBy: by, absencesAt: at })
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    listPeople: () => db.selectFrom('people').selectAll().orderBy('organisation').orderBy('id').execute(),
  }
}

/** It has begun in whatever time zone they worked. */
function dayBefore(at: string): string {
  return new Date(Date.parse(at) - 86_400_000).toISOString().slice(0, 10)
}

function newRow(person: Person, at: string) {
  const { organisation, id } = person
  const contentHash = createHash('sha256').update(canonicalJson(person)).digest('hex')
  return { organisation, id, document: toJsonText(person), contentHash, version: 1, loadedAt: at }
}
