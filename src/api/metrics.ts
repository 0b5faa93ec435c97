/** `/metrics`: counters that only rise, and gauges of what is there, for Prometheus. */
import { Hono } from "hono";
import type { Holds } from "./hold.ts";
import type { ApiParts } from "./parts.ts";
import { type Metric, prometheusType, renderMetrics, type Sample } from "./prometheus.ts";
import { onlyQuery } from "./query.ts";
import type { Tally } from "./tally.ts";

export function metricsRoutes(parts: ApiParts, holds: Holds, tally: Tally): Hono {
  const app = new Hono();

  app.get("/", async (c) => {
    onlyQuery(c);
    const text = renderMetrics(await measure(parts, holds, tally));
    return c.body(text, 200, { "content-type": prometheusType });
  });

  return app;
}

async function measure(parts: ApiParts, holds: Holds, tally: Tally): Promise<Metric[]> {
  const { store, journal } = parts;
  const { version, runtime, startedAt } = parts.info();
  const counts = store.counts();
  const open = await store.sessions({ open: true }, { limit: 1 });
  const build = { version, runtime: runtime.name, runtime_version: runtime.version };
  return [
    gauge("build_info", "What runs; always 1.", [{ labels: build, value: 1 }]),
    gauge("start_time_seconds", "When it started, since the epoch.", Date.parse(startedAt) / 1_000),
    gauge("messages", "Messages that are kept.", counts.messages),
    gauge("messages_unread", "Messages that are kept and not marked as read.", counts.unread),
    gauge("messages_bytes", "Octets of the messages that are kept.", counts.octets),
    counter("messages_received_total", "Messages that were stored.", tally.messages),
    counter("messages_received_bytes_total", "Octets of the messages that were stored.", tally.octets),
    counter("messages_evicted_total", "Messages that had to make room.", tally.evicted),
    gauge("message_seq", "The highest seq of a message so far.", counts.seq),
    counter("transactions_total", "Transactions that ended, by channel and outcome.", tally.transactions()),
    gauge("transaction_seq", "The highest seq of a transaction so far.", counts.transactionSeq),
    counter("sessions_total", "Sessions that were opened.", tally.sessions),
    gauge("sessions_open", "Sessions that are open.", open.total),
    counter("faults_fired_total", "Firings of fault rules, by phase.", tally.firings()),
    gauge("fault_rules", "Fault rules in force.", parts.faults.size),
    gauge("held_requests", "Waits and streams of the API that are open.", holds.count),
    gauge("journal_number", "The number of the newest event.", journal.last),
  ];
}

function counter(name: string, help: string, samples: number | readonly Sample[]): Metric {
  return { name: `mailproof_${name}`, help, type: "counter", samples: listed(samples) };
}

function gauge(name: string, help: string, samples: number | readonly Sample[]): Metric {
  return { name: `mailproof_${name}`, help, type: "gauge", samples: listed(samples) };
}

function listed(samples: number | readonly Sample[]): readonly Sample[] {
  return typeof samples === "number" ? [{ labels: {}, value: samples }] : samples;
}
