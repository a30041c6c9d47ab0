//! One file for each part of the harness that could be wrong without a test noticing.

mod buckets;
mod github_api;
mod inputs;
mod leaks;
mod proxies;
mod runs;
