//! What several tools need: finding files, digests, manifests, and files that appear whole.

pub mod checksum_line;
pub mod digest;
pub mod digest_files;
pub mod file_list;
pub mod whole_file;
