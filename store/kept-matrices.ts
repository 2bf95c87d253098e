import type { Matrix } from '../domain/permission/permission.ts'
import { type Kept, keep } from './kept.ts'
import type { MatrixRow, MatrixStore } from './matrices.ts'

/** Permission matrices by their name. */
export type Matrices = Readonly<Record<string, Matrix>>

/** Today's matrices of an organisation. */
export type KeptMatrices = Kept<(organisation: string) => Matrices>

/** As the store has them; one that it does not know, as the file does. */
export function keepMatrices(store: Pick<MatrixStore, 'todaysMatrices'>, file: Matrices): KeptMatrices {
  return keep(
    async (): Promise<(organisation: string) => Matrices> => {
      const known = byOrganisation(await store.todaysMatrices())
      return organisation => ({ ...file, ...known.get(organisation) })
    },
    () => file,
  )
}

function byOrganisation(rows: readonly MatrixRow[]): ReadonlyMap<string, Matrices> {
  return new Map(
    [...Map.groupBy(rows, row => row.organisation)].map(([organisation, those]) => [
      organisation,
      Object.fromEntries(those.map(({ matrix, document }) => [matrix, document])),
    ]),
  )
}
