/**
 * Addresses that are never on the internet, and the pod itself: whoever calls from one of them is the Gateway, whose word about
 * its client counts. Only the Gateway's namespace reaches the pods behind it anyway.
 */
export const PRIVATE_RANGES = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
  "127.0.0.0/8",
] as const;
