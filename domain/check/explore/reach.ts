import { type Directory, isReachable, type Person, resolve } from '../../directory.ts'

/** Whom a notice can reach today. */
export class Reach {
  private readonly known = new Map<string, Person[]>()
  private readonly directory: Directory
  private readonly organisation: string
  private readonly processOwner: string

  constructor(directory: Directory, organisation: string, processOwner: string) {
    this.directory = directory
    this.organisation = organisation
    this.processOwner = processOwner
  }

  /** The people whom a target means and who can be reached. */
  reachable(target: string, owner: string): Person[] {
    const key = `${target} ${owner}`
    let people = this.known.get(key)
    if (people === undefined) {
      people = resolve(this.directory, this.organisation, target, owner).filter(isReachable)
      this.known.set(key, people)
    }
    return people
  }

  /** Whether a notice comes to a person: to its target or, failing that, to the process owner. */
  isTold(target: string, owner: string): boolean {
    return this.reachable(target, owner).length > 0 || this.reachable(this.processOwner, owner).length > 0
  }
}
