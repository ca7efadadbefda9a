//! What several tools need: digests, and the lines of manifests.

pub mod checksum_line;
pub mod digest;
pub mod digest_files;
