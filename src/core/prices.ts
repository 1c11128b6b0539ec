/** USD in us-east-1; the one place where prices are. https://aws.amazon.com/dynamodb/pricing/ */
export const prices = {
  /** One unit of provisioned capacity for an hour. */
  unitHour: { read: 0.00013, write: 0.00065 },
  /** A million request units on demand. */
  onDemandMillion: { read: 0.125, write: 0.625 },
  /** One metric asked for in GetMetricData. */
  metricRead: 0.01 / 1000,
};

/** What a unit costs on demand, as a multiple of a fully used provisioned one; 3.46 for reads and writes alike. */
export const onDemandFactor = (prices.onDemandMillion.write / 1e6) * (3600 / prices.unitHour.write);
