import { posix } from 'node:path'
import { LAYER_RULES, type LayerRule } from './layer-rules.ts'
import { readSource, type SourceImport } from './read-source.ts'

/** What is wrong with a file by the rules of the layers, each with what to do; `path` is relative to the repository. */
export const checkLayers = (path: string, code: string): readonly string[] => {
  const rule = ruleOf(path)
  if (rule === undefined) return []
  const { imports, impurities } = readSource(code)
  const wrongs = imports.map(found => wrongImport(path, rule, found)).filter(wrong => wrong !== undefined)
  if (rule.pure) wrongs.push(...impurities.map(name => `uses ${name}`))
  return wrongs.map(wrong => `${path} ${wrong}. ${rule.mend}`)
}

const ruleOf = (path: string): LayerRule | undefined =>
  LAYER_RULES.filter(({ folder }) => path.startsWith(`${folder}/`)).toSorted(
    (a, b) => b.folder.length - a.folder.length,
  )[0]

const wrongImport = (path: string, rule: LayerRule, { specifier, typeOnly }: SourceImport): string | undefined => {
  if (specifier === undefined) return 'imports a module whose name is computed'
  if (!specifier.startsWith('.')) return wrongPackage(rule, specifier)
  const target = posix.join(posix.dirname(path), specifier)
  const folder = ruleOf(target)?.folder ?? target.split('/')[0]!
  if (folder === rule.folder || allows(rule.from, target, folder)) return undefined
  if (!allows(rule.typesFrom ?? [], target, folder)) return `imports ${target}, which ${rule.folder}/ may not`
  return typeOnly ? undefined : `imports ${target} by value, of which ${rule.folder}/ may only \`import type\``
}

const allows = (list: readonly string[], target: string, folder: string): boolean =>
  list.includes(target) || list.includes(folder)

const wrongPackage = ({ folder, packages }: LayerRule, specifier: string): string | undefined => {
  const allowed = packages === 'any' || packages.some(name => specifier === name || specifier.startsWith(`${name}/`))
  return allowed ? undefined : `imports the package ${specifier}, which ${folder}/ may not`
}
