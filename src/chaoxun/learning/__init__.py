"""From articles and annotations to weights: vocabulary, pretraining, fine-tuning, thresholds, evaluation."""
