/** The message that a child sends back. */
export type Answer<Report> = { readonly report: Report } | { readonly error: string };

/** In a child: executes the parent's orders, one after another, until the parent disconnects. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- messages are untyped
export function serve<Order>(work: (order: Order) => Promise<unknown>): void {
  process.on('message', (order) => {
    work(order as Order).then(
      (report) => process.send?.({ report }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}
