//! Standard output, which may be closed or full: whoever asked for data is told when it cannot be written.
//!
//! The standard library hides two of these cases. It opens `/dev/null` in place of a standard output that is closed,
//! and takes one that is not open for writing (EBADF) for one that takes everything.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};

/// Whether it was closed when the process began.
static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Notes whether standard output is closed. To be called before `main`, since the standard library opens it there.
pub fn note_standard_output() {
    #[cfg(unix)]
    WAS_CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
}

/// Writes all of this, without a buffer.
///
/// # Errors
/// When it cannot be written; a reader that has gone away is none, as it has read enough.
pub(super) fn write(data: &[u8]) -> io::Result<()> {
    if data.is_empty() {
        return Ok(());
    }
    if WAS_CLOSED.load(Ordering::Relaxed) {
        return Err(io::Error::other("it is closed"));
    }
    match write_all(data) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes text that has colours, if they are to be shown.
///
/// # Errors
/// Those of [`write`].
pub(super) fn write_styled(ansi: &str) -> io::Result<()> {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => write(anstream::adapter::strip_str(ansi).to_string().as_bytes()),
        _ => write(ansi.as_bytes()),
    }
}

#[cfg(unix)]
fn write_all(mut data: &[u8]) -> io::Result<()> {
    while !data.is_empty() {
        let written = rustix::io::retry_on_intr(|| rustix::io::write(rustix::stdio::stdout(), data))?;
        data = data.get(written..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(not(unix))]
fn write_all(data: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut output = io::stdout().lock();
    output.write_all(data).and_then(|()| output.flush())
}
