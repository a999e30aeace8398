import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  JoinNode,
  type KyselyPlugin,
  OnNode,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  PrimitiveValueListNode,
  ReferenceNode,
  type SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import type { TownId } from '../core/ids.ts'

/** The one table whose rows are not a town's but towns. */
const unscoped = 'town'

/**
 * Confines every statement to one town: whatever is read, changed or removed carries `town = …`, whatever is inserted
 * carries the town's id. Joined tables are confined in their ON, so that an outer join stays one.
 */
export function townScope(town: TownId): KyselyPlugin {
  const transformer = new TownScope(town)
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => result,
  }
}

class TownScope extends OperationNodeTransformer {
  readonly #town: TownId

  constructor(town: TownId) {
    super()
    this.#town = town
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const inner = super.transformSelectQuery(node)
    return { ...inner, ...this.#confined(inner, inner.from?.froms ?? []) }
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    const inner = super.transformUpdateQuery(node)
    return { ...inner, ...this.#confined(inner, inner.table ? [inner.table] : []) }
  }

  protected override transformDeleteQuery(node: DeleteQueryNode): DeleteQueryNode {
    const inner = super.transformDeleteQuery(node)
    return { ...inner, ...this.#confined(inner, inner.from.froms) }
  }

  protected override transformJoin(node: JoinNode): JoinNode {
    const inner = super.transformJoin(node)
    const condition = this.#conditionOn(inner.table)
    if (!condition) return inner
    return inner.on
      ? { ...inner, on: OnNode.cloneWithOperation(inner.on, 'And', condition) }
      : JoinNode.cloneWithOn(inner, condition)
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const inner = super.transformInsertQuery(node)
    const condition = inner.into && this.#conditionOn(inner.into)
    if (!condition || !inner.values || !ValuesNode.is(inner.values)) return inner
    const rows = inner.values.values.map((row) =>
      row.kind === 'PrimitiveValueListNode'
        ? PrimitiveValueListNode.create([...row.values, this.#town])
        : ValueListNode.create([...row.values, ValueNode.create(this.#town)]),
    )
    const { onConflict } = inner
    return {
      ...inner,
      columns: [...(inner.columns ?? []), ColumnNode.create('town')],
      values: ValuesNode.create(rows),
      ...(onConflict?.updates
        ? { onConflict: { ...onConflict, updateWhere: and(onConflict.updateWhere, condition) } }
        : {}),
    }
  }

  #confined(query: { readonly where?: WhereNode }, tables: readonly OperationNode[]): { where?: WhereNode } {
    const conditions = tables.map((table) => this.#conditionOn(table)).filter((condition) => condition !== null)
    const where = conditions.reduce<WhereNode | undefined>((so, condition) => and(so, condition), query.where)
    return where ? { where } : {}
  }

  #conditionOn(node: OperationNode): OperationNode | null {
    const table = AliasNode.is(node) ? node.node : node
    if (!TableNode.is(table) || table.table.identifier.name === unscoped) return null
    const named = AliasNode.is(node) && 'name' in node.alias ? TableNode.create(String(node.alias.name)) : table
    return BinaryOperationNode.create(
      ReferenceNode.create(ColumnNode.create('town'), named),
      OperatorNode.create('='),
      ValueNode.create(this.#town),
    )
  }
}

function and(where: WhereNode | undefined, condition: OperationNode): WhereNode {
  return where ? WhereNode.create(AndNode.create(where.where, condition)) : WhereNode.create(condition)
}
