/** A command that was refused: kept beside the journal, not in it. */
export interface Attempt {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly command: string
  readonly code: string
  readonly message: string
}
