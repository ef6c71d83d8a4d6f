/**
 * Decoded nodes of content-addressed structures, by CID and by how they were decoded; bounded, dropping what was not used for longest.
 *
 * May be shared between stores, machines and forks of a state: a CID is the hash of its content, so an entry is right wherever its CID occurs.
 * Entries are frozen by convention: whoever changes a node copies it first.
 */
export class NodeCache {
  readonly capacity: number
  private readonly nodes = new Map<string, object>()

  /** @param capacity entries to keep, at least 1 */
  constructor(capacity = 4096) {
    this.capacity = Math.max(1, capacity)
  }

  /** How many nodes are kept now. */
  get size(): number {
    return this.nodes.size
  }

  /** The node kept under `key`, which thereby is the last to be dropped. */
  get(key: string): object | undefined {
    const node = this.nodes.get(key)
    if (node !== undefined) {
      // A Map iterates in order of insertion, so the oldest use stands first.
      this.nodes.delete(key)
      this.nodes.set(key, node)
    }
    return node
  }

  /** Keeps `node` under `key`, dropping the node unused for longest where there is no room. */
  set(key: string, node: object): void {
    this.nodes.delete(key)
    if (this.nodes.size >= this.capacity) {
      const oldest = this.nodes.keys().next()
      if (oldest.done !== true) this.nodes.delete(oldest.value)
    }
    this.nodes.set(key, node)
  }

  /** Forgets everything. */
  clear(): void {
    this.nodes.clear()
  }
}
