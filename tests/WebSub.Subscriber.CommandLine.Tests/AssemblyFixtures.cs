using WebSub.Subscriber.Tests;
using WebSub.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(TestFiles))]
