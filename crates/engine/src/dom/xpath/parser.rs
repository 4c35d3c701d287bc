//! Parses expressions ([XPath 1.0, expressions](https://www.w3.org/TR/xpath-10/#section-Expressions)).

use super::error::XPathError;
use super::lexer::{Operator, Token, tokens};
use super::syntax::{Axis, Expression, Function, NodeTest, Start, Step};

/// The largest number of parentheses, predicates and calls inside one another. The parser and the evaluation recurse once
/// for each.
///
/// IMPLEMENTATION-DEFINED: a deeper expression is a syntax error.
pub(super) const MAX_NESTING: usize = 100;

/// Finds the namespace of a prefix.
pub(super) type Resolve<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// Parses an expression. `resolve` is called for each prefix, in the order of the source.
pub(super) fn parse(source: &str, resolve: Resolve<'_>) -> Result<Expression, XPathError> {
    let mut tokens = tokens(source)?;
    tokens.reverse();
    let mut parser = Parser {
        tokens,
        nesting: 0,
        resolve,
    };
    let expression = parser.expression(LOWEST)?;
    match parser.tokens.is_empty() {
        true => Ok(expression),
        false => Err(XPathError::Syntax),
    }
}

/// The precedence of `or`.
const LOWEST: u8 = 1;

/// The precedence of an operator between expressions. `|` and `/` belong to their operands.
fn precedence(operator: Operator) -> Option<u8> {
    Some(match operator {
        Operator::Or => LOWEST,
        Operator::And => 2,
        Operator::Equal | Operator::NotEqual => 3,
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => 4,
        Operator::Plus | Operator::Minus => 5,
        Operator::Multiply | Operator::Divide | Operator::Modulo => 6,
        Operator::Union | Operator::Slash | Operator::DoubleSlash => return None,
    })
}

struct Parser<'a> {
    /// The tokens that are left, the next one last.
    tokens: Vec<Token>,
    nesting: usize,
    resolve: Resolve<'a>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.last()
    }

    fn peek_second(&self) -> Option<&Token> {
        self.tokens.iter().rev().nth(1)
    }

    /// Consumes the next token if it is this one.
    fn skip(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        if is_next {
            self.tokens.pop();
        }
        is_next
    }

    fn skip_operator(&mut self, operator: Operator) -> bool {
        self.skip(&Token::Operator(operator))
    }

    fn expect(&mut self, token: &Token) -> Result<(), XPathError> {
        match self.skip(token) {
            true => Ok(()),
            false => Err(XPathError::Syntax),
        }
    }

    /// An expression inside another one.
    fn nested(&mut self) -> Result<Expression, XPathError> {
        if self.nesting == MAX_NESTING {
            return Err(XPathError::TooDeep);
        }
        self.nesting += 1;
        let expression = self.expression(LOWEST)?;
        self.nesting -= 1;
        Ok(expression)
    }

    /// Operands and operators of at least this precedence.
    fn expression(&mut self, least: u8) -> Result<Expression, XPathError> {
        let mut left = self.unary()?;
        // The precedence of the chain that this call has begun last.
        let mut of_chain = None;
        while let Some(Token::Operator(operator)) = self.peek().cloned()
            && let Some(level) = precedence(operator)
            && level >= least
        {
            self.tokens.pop();
            let right = self.expression(level + 1)?;
            left = match left {
                Expression::Chain(first, mut rest) if of_chain == Some(level) => {
                    rest.push((operator, right));
                    Expression::Chain(first, rest)
                }
                first => Expression::Chain(Box::new(first), vec![(operator, right)]),
            };
            of_chain = Some(level);
        }
        Ok(left)
    }

    /// [UnaryExpr](https://www.w3.org/TR/xpath-10/#NT-UnaryExpr)
    fn unary(&mut self) -> Result<Expression, XPathError> {
        let mut signs = 0_usize;
        while self.skip_operator(Operator::Minus) {
            signs += 1;
        }
        let operand = self.union()?;
        if signs == 0 {
            return Ok(operand);
        }
        Ok(Expression::Minus {
            negative: signs % 2 == 1,
            operand: Box::new(operand),
        })
    }

    /// [UnionExpr](https://www.w3.org/TR/xpath-10/#NT-UnionExpr)
    fn union(&mut self) -> Result<Expression, XPathError> {
        let first = self.path()?;
        if self.peek() != Some(&Token::Operator(Operator::Union)) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.skip_operator(Operator::Union) {
            operands.push(self.path()?);
        }
        Ok(Expression::Union(operands))
    }

    /// [PathExpr](https://www.w3.org/TR/xpath-10/#NT-PathExpr)
    fn path(&mut self) -> Result<Expression, XPathError> {
        let mut steps = Vec::new();
        if self.is_at_primary() {
            let primary = self.primary()?;
            let predicates = self.predicates()?;
            let has_steps = matches!(
                self.peek(),
                Some(Token::Operator(Operator::Slash | Operator::DoubleSlash))
            );
            if predicates.is_empty() && !has_steps {
                return Ok(primary);
            }
            self.more_steps(&mut steps)?;
            let start = Start::Filter(Box::new(primary), predicates);
            return Ok(Expression::Path(start, steps));
        }
        if self.skip_operator(Operator::Slash) {
            if self.is_at_step() {
                steps.push(self.step()?);
                self.more_steps(&mut steps)?;
            }
            return Ok(Expression::Path(Start::Root, steps));
        }
        if self.peek() == Some(&Token::Operator(Operator::DoubleSlash)) {
            self.more_steps(&mut steps)?;
            return Ok(Expression::Path(Start::Root, steps));
        }
        steps.push(self.step()?);
        self.more_steps(&mut steps)?;
        Ok(Expression::Path(Start::Context, steps))
    }

    /// The steps behind `/` and `//`.
    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Result<(), XPathError> {
        loop {
            if self.skip_operator(Operator::Slash) {
                steps.push(self.step()?);
            } else if self.skip_operator(Operator::DoubleSlash) {
                let step = self.step()?;
                steps.extend(below(step));
            } else {
                return Ok(());
            }
        }
    }

    fn is_at_step(&self) -> bool {
        matches!(
            self.peek(),
            Some(
                Token::Dot
                    | Token::DoubleDot
                    | Token::At
                    | Token::Star
                    | Token::PrefixStar(_)
                    | Token::Name(..)
            )
        )
    }

    /// [Step](https://www.w3.org/TR/xpath-10/#NT-Step)
    fn step(&mut self) -> Result<Step, XPathError> {
        let abbreviated = |axis| Step {
            axis,
            test: NodeTest::Node,
            predicates: Vec::new(),
        };
        if self.skip(&Token::Dot) {
            return Ok(abbreviated(Axis::SelfNode));
        }
        if self.skip(&Token::DoubleDot) {
            return Ok(abbreviated(Axis::Parent));
        }
        let axis = self.axis()?;
        Ok(Step {
            axis,
            test: self.node_test()?,
            predicates: self.predicates()?,
        })
    }

    /// [AxisSpecifier](https://www.w3.org/TR/xpath-10/#NT-AxisSpecifier)
    fn axis(&mut self) -> Result<Axis, XPathError> {
        if self.skip(&Token::At) {
            return Ok(Axis::Attribute);
        }
        if self.peek_second() != Some(&Token::DoubleColon) {
            return Ok(Axis::Child);
        }
        let axis = match self.peek() {
            Some(Token::Name(None, name)) => Axis::named(name),
            _ => None,
        };
        self.tokens.pop();
        self.tokens.pop();
        axis.ok_or(XPathError::Syntax)
    }

    /// [NodeTest](https://www.w3.org/TR/xpath-10/#NT-NodeTest)
    fn node_test(&mut self) -> Result<NodeTest, XPathError> {
        match self.tokens.pop() {
            Some(Token::Star) => Ok(NodeTest::AnyName),
            Some(Token::PrefixStar(prefix)) => Ok(NodeTest::Namespace(self.namespace(prefix)?)),
            Some(Token::Name(None, name)) if self.skip(&Token::OpenParenthesis) => {
                let test = match name.as_str() {
                    "node" => NodeTest::Node,
                    "text" => NodeTest::Text,
                    "comment" => NodeTest::Comment,
                    "processing-instruction" => {
                        NodeTest::ProcessingInstruction(match self.peek().cloned() {
                            Some(Token::Literal(target)) => {
                                self.tokens.pop();
                                Some(target)
                            }
                            _ => None,
                        })
                    }
                    _ => return Err(XPathError::Syntax),
                };
                self.expect(&Token::CloseParenthesis)?;
                Ok(test)
            }
            Some(Token::Name(prefix, local)) => {
                let namespace = prefix.map(|prefix| self.namespace(prefix)).transpose()?;
                Ok(NodeTest::Name(namespace, local))
            }
            _ => Err(XPathError::Syntax),
        }
    }

    fn namespace(&mut self, prefix: String) -> Result<String, XPathError> {
        (self.resolve)(&prefix).ok_or(XPathError::Prefix(prefix))
    }

    /// The [predicates](https://www.w3.org/TR/xpath-10/#NT-Predicate) that follow.
    fn predicates(&mut self) -> Result<Vec<Expression>, XPathError> {
        let mut predicates = Vec::new();
        while self.skip(&Token::OpenBracket) {
            predicates.push(self.nested()?);
            self.expect(&Token::CloseBracket)?;
        }
        Ok(predicates)
    }

    /// Whether a [PrimaryExpr](https://www.w3.org/TR/xpath-10/#NT-PrimaryExpr) begins here, and not a step.
    fn is_at_primary(&self) -> bool {
        match self.peek() {
            Some(Token::OpenParenthesis | Token::Literal(_) | Token::Number(_) | Token::Dollar) => {
                true
            }
            Some(Token::Name(prefix, name)) => {
                let is_node_type = matches!(
                    name.as_str(),
                    "node" | "text" | "comment" | "processing-instruction"
                );
                self.peek_second() == Some(&Token::OpenParenthesis)
                    && (prefix.is_some() || !is_node_type)
            }
            _ => false,
        }
    }

    /// [PrimaryExpr](https://www.w3.org/TR/xpath-10/#NT-PrimaryExpr)
    fn primary(&mut self) -> Result<Expression, XPathError> {
        match self.tokens.pop() {
            Some(Token::OpenParenthesis) => {
                let inside = self.nested()?;
                self.expect(&Token::CloseParenthesis)?;
                Ok(inside)
            }
            Some(Token::Literal(text)) => Ok(Expression::Literal(text)),
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Dollar) => match self.tokens.pop() {
                Some(Token::Name(_, name)) => Err(XPathError::Variable(name)),
                _ => Err(XPathError::Syntax),
            },
            Some(Token::Name(None, name)) => self.call(&name),
            _ => Err(XPathError::Syntax),
        }
    }

    /// [FunctionCall](https://www.w3.org/TR/xpath-10/#NT-FunctionCall)
    fn call(&mut self, name: &str) -> Result<Expression, XPathError> {
        let (function, least, most) = Function::named(name).ok_or(XPathError::Syntax)?;
        self.expect(&Token::OpenParenthesis)?;
        let mut arguments = Vec::new();
        if !self.skip(&Token::CloseParenthesis) {
            arguments.push(self.nested()?);
            while self.skip(&Token::Comma) {
                arguments.push(self.nested()?);
            }
            self.expect(&Token::CloseParenthesis)?;
        }
        match (least..=most).contains(&arguments.len()) {
            true => Ok(Expression::Call(function, arguments)),
            false => Err(XPathError::Syntax),
        }
    }
}

/// The steps for `//` and the step behind it.
fn below(mut step: Step) -> Vec<Step> {
    let mut predicates = step.predicates.iter();
    // OPTIMIZATION: most such paths visit the descendants once. Positions count among the children of one parent, so
    // they need both steps.
    if step.axis == Axis::Child && !predicates.any(Expression::may_depend_on_position) {
        step.axis = Axis::Descendant;
        return vec![step];
    }
    let every = Step {
        axis: Axis::DescendantOrSelf,
        test: NodeTest::Node,
        predicates: Vec::new(),
    };
    vec![every, step]
}
