# The question each kind of wording raises. A suggestion, never an order.
wording-ask-counterfactual = This describes a day that did not happen. What did happen, and what made it sensible at the time?
wording-ask-expectation = What was expected of it does not tell what it did. What did it do? A gap in detection is worth an action item.
wording-ask-attention = What were they attending to instead?
wording-ask-cue = What was there to notice at that minute, and where?
wording-ask-judgement = This judges. What was observed?
wording-ask-symptom = This is where the questions begin. What made the action possible, and likely?
wording-ask-hindsight = Was it known then, or only later? Say which.
wording-ask-single_cause = There is rarely one cause. Which other conditions had to hold?
wording-ask-blame = Who is at fault is not asked here. Which condition would have let anybody do the same?
wording-ask-person = Name the role rather than the person, and say what made the act likely.
wording-ask-why_did_you = Ask how or what rather than who or why: what did it look like from there?
wording-ask-unbounded = How will anybody know that it is done?
