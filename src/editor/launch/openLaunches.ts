/** Whether the user is choosing nodes, or reviewing them. */
export class OpenLaunches {
  #count = 0;

  get isAnyOpen(): boolean {
    return this.#count > 0;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
    }
  }
}
