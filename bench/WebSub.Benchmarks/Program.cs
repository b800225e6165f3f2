using BenchmarkDotNet.Running;
using WebSub.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(PredicateMatching).Assembly).Run(args);
