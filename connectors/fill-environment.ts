import type { ConnectorDescription } from './description.ts'

const variable = /\$\{([^}]*)\}/g

export type Environment = Readonly<Record<string, string | undefined>>

/** Puts the environment's variables in an address and headers. Throws an error that names each one that is missing. */
export function fillEnvironment(
  name: string,
  description: ConnectorDescription,
  environment: Environment,
): ConnectorDescription {
  const missing: string[] = []
  const fill = (text: string, where: string): string =>
    text.replace(variable, (_, variableName: string) => {
      const value = environment[variableName]
      if (!value) missing.push(`${variableName} (in ${where})`)
      return value ?? ''
    })
  const baseUrl = fill(description.baseUrl, 'baseUrl').replace(/\/+$/, '')
  const headers = Object.fromEntries(
    Object.entries(description.headers ?? {}).map(([header, value]) => [header, fill(value, `headers.${header}`)]),
  )
  if (missing.length > 0) {
    throw new Error(`connector ${name}: environment variable not set: ${[...new Set(missing)].join(', ')}`)
  }
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new Error(`connector ${name}: baseUrl is not an http address: ${baseUrl}`)
  }
  return { ...description, baseUrl, headers }
}
