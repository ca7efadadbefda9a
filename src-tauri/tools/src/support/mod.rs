//! What several tools need: digests, the lines of manifests, and work spread over the cores.

pub mod checksum_line;
pub mod digest;
pub mod digest_files;
pub mod fill;
pub mod spread;
