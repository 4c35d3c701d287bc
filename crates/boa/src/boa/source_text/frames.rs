//! The open brackets of a scanned text, with the depth of their content.

use std::ops::Range;

/// The kind of a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Statements, or the elements of a class. The whole text is one, too.
    Block,
    Object,
    /// An array or the arguments of a call: commas separate.
    List,
    /// An expression: commas are operators.
    Group,
    /// The parentheses after `if`, `for` and so on.
    Head,
    /// A substitution of a template.
    Substitution,
}

/// The way in which a statement declares its names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Declares {
    #[default]
    Nothing,
    /// `let`, `const` or `class` at the top.
    Lexical,
    /// `var` or `function` outside functions.
    Var,
    /// `let`, `const` or `class` directly in the body of a function.
    LexicalOfBody,
    /// `var` in a function, or `function` directly in its body.
    VarOfBody,
    /// `let` or `const` in a block, whose names Boa checks.
    InBlock,
}

/// An open bracket.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// The tokens of the present statement or element that may add a level each.
    pub(super) chain: usize,
    /// The depth of the deepest bracket in the present statement or element.
    nested: usize,
    /// The depth of the deepest statement or element.
    deepest: usize,
    /// The commas that are operators.
    commas: usize,
    /// The labels of the present statement.
    labels: usize,
    /// Whether `++` or `--` may be in front of the present operand.
    pub(super) prefixed: bool,
    /// The question marks without their colon yet.
    pub(super) questions: usize,
    /// The word `async` before the parentheses, and whether it begins a statement.
    pub(super) of_async: Option<(Range<usize>, bool)>,
    /// Whether this is the body of a function.
    pub(super) is_function: bool,
    /// Whether it is the parentheses of `function (`.
    pub(super) of_function: bool,
    /// Whether it is certainly the body of a function other than an arrow function.
    pub(super) binds_this: bool,
    /// The arrow functions that began in the present statement or element.
    pub(super) arrows: usize,
    /// The arrow functions around this, inside the nearest body that binds `this`.
    arrows_around: usize,
    /// The number of brackets around the nearest body that binds `this`.
    binder: Option<usize>,
    /// Whether an arrow function inside another one uses the `this` of this body.
    pub(super) lends_this: bool,
    /// The kind of declaration of the present statement.
    pub(super) declares: Declares,
    /// Whether the next name is declared.
    pub(super) name_follows: bool,
    /// Whether a name is declared after each comma.
    pub(super) names_follow: bool,
    /// The kind of declaration of the surrounding pattern.
    pub(super) pattern: Declares,
    /// Whether the present element of a pattern has come to its default value.
    pub(super) in_default: bool,
    /// The byte of the bracket.
    pub(super) start: usize,
    /// Whether the `default` clause of a `switch` has begun.
    pub(super) in_default_clause: bool,
    /// The `default` clauses around this, inside the nearest body of a function.
    default_clauses: usize,
}

impl Frame {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            chain: 0,
            nested: 0,
            deepest: 0,
            commas: 0,
            labels: 0,
            prefixed: false,
            questions: 0,
            of_async: None,
            is_function: false,
            of_function: false,
            binds_this: false,
            arrows: 0,
            arrows_around: 0,
            binder: None,
            lends_this: false,
            declares: Declares::Nothing,
            name_follows: false,
            names_follow: false,
            pattern: Declares::Nothing,
            in_default: false,
            start: 0,
            in_default_clause: false,
            default_clauses: 0,
        }
    }

    fn depth(&self) -> usize {
        self.deepest.max(self.chain + self.nested) + self.commas
    }
}

/// The open brackets, outermost first. The whole text is the first.
#[derive(Debug)]
pub(super) struct Level {
    frames: Vec<Frame>,
    current: Frame,
    functions: usize,
    /// The number of open blocks, and the maximum so far.
    blocks: usize,
    most_blocks: usize,
    /// The most labels of one statement.
    most_labels: usize,
    /// The most nested `default` clauses.
    most_default_clauses: usize,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            frames: Vec::new(),
            current: Frame::new(Kind::Block),
            functions: 0,
            blocks: 0,
            most_blocks: 0,
            most_labels: 0,
            most_default_clauses: 0,
        }
    }
}

impl Level {
    /// Returns the innermost open bracket.
    pub(super) fn frame(&mut self) -> &mut Frame {
        &mut self.current
    }

    /// Whether no bracket is open.
    pub(super) fn is_top(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether the body of a function is open.
    pub(super) fn in_function(&self) -> bool {
        self.functions > 0
    }

    /// Returns the kind of declaration in a bracket that opens here.
    pub(super) fn pattern(&self) -> Declares {
        let frame = &self.current;
        match frame.name_follows && frame.names_follow {
            true => frame.declares,
            false if frame.in_default => Declares::Nothing,
            false => frame.pattern,
        }
    }

    pub(super) fn push(&mut self, mut frame: Frame) {
        if frame.binds_this {
            frame.binder = Some(self.frames.len() + 1);
        } else {
            frame.arrows_around = self.current.arrows_around + self.current.arrows;
            frame.binder = self.current.binder;
        }
        if !frame.is_function {
            let clause = usize::from(self.current.in_default_clause);
            frame.default_clauses = self.current.default_clauses + clause;
        }
        self.most_default_clauses = self.most_default_clauses.max(frame.default_clauses);
        self.functions += usize::from(frame.is_function);
        self.blocks += usize::from(frame.kind == Kind::Block);
        self.most_blocks = self.most_blocks.max(self.blocks);
        self.frames
            .push(std::mem::replace(&mut self.current, frame));
    }

    /// Closes the innermost bracket. A superfluous bracket closes nothing.
    pub(super) fn pop(&mut self) -> Frame {
        let Some(outer) = self.frames.pop() else {
            return Frame::new(Kind::Group);
        };
        let closed = std::mem::replace(&mut self.current, outer);
        self.functions -= usize::from(closed.is_function);
        self.blocks -= usize::from(closed.kind == Kind::Block);
        self.current.nested = self.current.nested.max(closed.depth() + 1);
        closed
    }

    /// The word `this`.
    pub(super) fn this(&mut self) {
        if self.current.arrows_around + self.current.arrows < 2 {
            return;
        }
        match self.current.binder {
            Some(binder) if binder == self.frames.len() => self.current.lends_this = true,
            Some(binder) => {
                if let Some(frame) = self.frames.get_mut(binder) {
                    frame.lends_this = true;
                }
            }
            None => {}
        }
    }

    /// A label before a statement.
    pub(super) fn label(&mut self) {
        self.current.labels += 1;
        self.most_labels = self.most_labels.max(self.current.labels);
    }

    /// Returns the most nested blocks, and the most labels of one statement.
    pub(super) fn blocks_and_labels(&self) -> (usize, usize) {
        (self.most_blocks, self.most_labels)
    }

    /// Returns the most nested `default` clauses.
    pub(super) fn default_clauses(&self) -> usize {
        self.most_default_clauses
    }

    /// Ends a statement or an element.
    pub(super) fn end_element(&mut self) {
        let frame = &mut self.current;
        frame.deepest = frame.deepest.max(frame.chain + frame.nested);
        (frame.chain, frame.nested, frame.questions) = (0, 0, 0);
        frame.labels = 0;
        frame.prefixed = false;
        frame.arrows = 0;
        frame.in_default = false;
        frame.declares = Declares::Nothing;
        (frame.name_follows, frame.names_follow) = (false, false);
    }

    /// A comma, which separates or is an operator.
    pub(super) fn comma(&mut self) {
        let frame = &mut self.current;
        let (declares, again) = (frame.declares, frame.names_follow);
        match frame.kind {
            Kind::List | Kind::Object => self.end_element(),
            _ => {
                frame.commas += 1;
                frame.deepest = frame.deepest.max(frame.chain + frame.nested);
                (frame.chain, frame.nested, frame.questions) = (0, 0, 0);
            }
        }
        let frame = &mut self.current;
        frame.arrows = 0;
        frame.in_default = false;
        (frame.declares, frame.names_follow) = (declares, again);
        frame.name_follows = again && declares != Declares::Nothing;
    }

    /// Returns the depth of the whole text.
    pub(super) fn depth(&self) -> usize {
        let mut nested = self.current.depth();
        for frame in self.frames.iter().rev() {
            let element = frame.chain + frame.nested.max(nested + 1);
            nested = frame.deepest.max(element) + frame.commas;
        }
        nested
    }
}
