import type { z } from 'zod'
import { readYaml } from '../../config/read-yaml.ts'
import { shapeProblems } from '../../domain/definition/shape-problems.ts'
import type { Directory } from '../../domain/directory.ts'
import { conditionFlaws, confirmerFlaws, roleFlaws } from '../../domain/permission/judge-matrix.ts'
import { type Matrix, matrixSchema } from '../../domain/permission/permission.ts'
import { withoutThoseWhoLeft } from '../../domain/presence.ts'
import type { Matrices } from '../../store/kept-matrices.ts'
import type { Store } from '../../store/open-store.ts'
import type { permissionReportSchema } from '../schemas/permission-schemas.ts'

export type PermissionReport = z.infer<typeof permissionReportSchema>
type PermissionProblem = PermissionReport['problems'][number]

export interface Judged {
  readonly report: PermissionReport
  /** If it has the shape of one. */
  readonly matrix?: Matrix
}

export interface JudgingDependencies {
  readonly store: Pick<Store, 'listDefinitions' | 'serviceRoles'>
  readonly directory: Directory
  readonly organisation: string
  /** Roles come with the tokens: those that the directory does not know may be meant all the same. */
  readonly anyRole: boolean
  readonly at: string
  /** The no-limbo check of a definition, with the matrix in question in the place of today's. */
  readonly check: (document: unknown, matrices: Matrices) => Promise<CheckedProcess>
  /** Today's. */
  readonly matrices: Matrices
}

type CheckedProcess = Pick<PermissionReport, 'result'> & {
  readonly problems: readonly { readonly code: string; readonly step: string | null; readonly mend: string }[]
}

/**
 * A matrix as it is written, in YAML or JSON: what is wrong with it and where, and whether every process that goes by
 * it is still proven.
 */
export async function judgePermissions(deps: JudgingDependencies, text: string): Promise<Judged> {
  const read = readYaml(text)
  const problem = (code: string, line: number, mend: string): PermissionProblem => {
    return { code, line, process: null, step: null, mend }
  }
  if (read.problems.length > 0) {
    return { report: refused(read.problems.map(({ line, message }) => problem('yaml', line, message))) }
  }
  const parsed = matrixSchema.safeParse(read.value)
  if (!parsed.success) {
    const problems = shapeProblems(parsed.error).map(({ path, message, unknownKey }) =>
      problem(unknownKey ? 'unknown_key' : 'bad_value', read.lineOf(path), `${path.join('.')}: ${message}`),
    )
    return { report: refused(problems) }
  }
  const matrix = parsed.data
  const flaws = (await flawsOf(deps, matrix)).map(({ code, path, mend }) => problem(code, read.lineOf(path), mend))
  if (flaws.length > 0) return { report: refused(flaws), matrix }
  return { report: await judgeProcesses(deps, matrix), matrix }
}

async function flawsOf(deps: JudgingDependencies, matrix: Matrix) {
  const { directory, organisation, anyRole, store, at } = deps
  const people = withoutThoseWhoLeft(directory, at).people.filter(person => person.organisation === organisation)
  const roles = [...new Set([...people.flatMap(person => person.roles), ...(await store.serviceRoles(organisation))])]
  return [...conditionFlaws(matrix), ...(anyRole ? [] : roleFlaws(matrix, roles)), ...confirmerFlaws(matrix, people)]
}

async function judgeProcesses(deps: JudgingDependencies, matrix: Matrix): Promise<PermissionReport> {
  const matrices = { ...deps.matrices, [matrix.matrix]: matrix }
  const rows = await deps.store.listDefinitions(deps.organisation)
  const concerned = rows.filter(
    ({ state, document }) =>
      state === 'live' && (document as { readonly permissions?: unknown }).permissions === matrix.matrix,
  )
  const processes: PermissionReport['processes'] = []
  const problems: PermissionProblem[] = []
  for (const { processId, version, document } of concerned) {
    const { result, problems: found } = await deps.check(document, matrices)
    processes.push({ process: processId, version, result })
    problems.push(...found.map(({ code, step, mend }) => ({ code, line: null, process: processId, step, mend })))
  }
  const results = processes.map(({ result }) => result)
  const result = results.includes('refused') ? 'refused' : results.includes('unproven') ? 'unproven' : 'proven'
  return { result, problems, processes }
}

function refused(problems: PermissionProblem[]): PermissionReport {
  return { result: 'refused', problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)), processes: [] }
}
