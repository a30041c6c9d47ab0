/// What is wrong with variables that hold credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableProblem {
    /// It is empty or not set, and the other one, which is of no use without it, is set.
    Lacking {
        /// Whether it is set, to nothing.
        is_empty: bool,
        /// The other one.
        beside: &'static str,
    },
    /// It begins or ends with a blank or a line break, or has a line break in it: it was pasted so.
    Blanks,
    /// It is empty, as are all that could give credentials in its place and were meant to.
    Empty,
}
