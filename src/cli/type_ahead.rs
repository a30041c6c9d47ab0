//! What was typed before there was a question.

/// Forgets what was typed and not read: it is no answer to a question that nobody had seen.
pub(super) fn forget_type_ahead() {
    #[cfg(unix)]
    {
        // It fails where standard input is no terminal, and then nothing is asked.
        let _ = rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush);
    }
}
