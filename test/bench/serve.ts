/** What a child sends back. */
export type Answer<Report> = { readonly report: Report } | { readonly error: string };

/** In a child: does what the parent orders, one thing after the other, until the parent goes. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a message has no type of its own
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
